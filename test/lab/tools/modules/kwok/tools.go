//go:build tools

// Package tools pins the modules that kwok is built from.
package tools

import _ "sigs.k8s.io/kwok/pkg/kwok/cmd"

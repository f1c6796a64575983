/**
 * The lab: real Kubernetes control planes with fake nodes, and an emulated AWS that owns them, on 127.0.0.1 alone.
 * What it can and cannot prove is said where each part is made.
 */
export { startControlPlane, type ControlPlane, type ControlPlaneOptions } from "./control-plane.js";
export { startLab, type Lab, type LabCluster, type LabOptions } from "./lab.js";
export type { CloudTiming, LabAws } from "./lab-aws.js";
export type { ClusterSpec, GroupSpec } from "./spec.js";
export type { GroupControls, HealthIssue } from "./group-controls.js";
export type { CountedCall, LoggedCall } from "./cluster/audit.js";
export type { KubernetesClients } from "./cluster/clients.js";
export type { Fault, FaultEffect, FaultTarget } from "./emulator/faults.js";
export type { AwsCallCount } from "./emulator/front.js";
export type { Progress } from "./tools/resolve.js";

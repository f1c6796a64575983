"""Hooks for MiniStack 1.5.33, one module per service. They touch its internals, so the version is pinned."""

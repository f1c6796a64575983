/** What is stamped into AWS accounts: the hub, the roles that it assumes, and its way into clusters. Wiring only. */
export { Hub, type HubArgs } from "./hub/hub.js";
export type { Capability } from "./iam/spoke-actions.js";
export { ClusterAccess, type ClusterAccessArgs, type ClusterAccessOptions } from "./spoke/cluster-access.js";
export type { ClusterRoleKind } from "./spoke/cluster-role.js";
export { PrivateDrain, type PrivateDrainArgs } from "./spoke/private-drain.js";
export { SpokeRole, type SpokeRoleArgs, type SpokeRoleOptions } from "./spoke/spoke-role.js";
export { SpokeRoles, type SpokeRolesArgs } from "./spoke/spoke-roles.js";

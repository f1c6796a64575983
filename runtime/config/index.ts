/** What is declared: stack config or a config file becomes a checked, frozen fleet. Pure; files are read by the caller. */
export { DEFAULT_ROLE } from "./cluster-entry.js";
export type { ClusterSpec, ExcludedCluster, ScheduledCluster } from "./cluster-spec.js";
export { parseClusterDeclaration, serialiseCluster } from "./declaration.js";
export type { Environment } from "./environment.js";
export { settingsFromEnvironment, variableName } from "./environment.js";
export type { Exclusion, Tags } from "./exclusions.js";
export { findExclusion } from "./exclusions.js";
export { gatherFiles, referencedFiles } from "./files.js";
export type { Fleet, FleetOptions } from "./fleet.js";
export { parseFleet } from "./fleet.js";
export { configJsonSchema, SECTION_NAMES } from "./sections.js";
export type { Selection } from "./select.js";
export { selectClusters } from "./select.js";
export { settingLeaves } from "./settings.js";
export { checkConfigSize, CONFIG_LIMIT_BYTES } from "./size.js";
export { curfewConfig, parseStackFile } from "./stack-file.js";

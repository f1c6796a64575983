export { decide, type Decision, type Origin, type Wish } from "./decision.js";
export * from "./journal.js";
export { groupOf, isAtZero, isEmpty, type Observation, type OpenCycle } from "./observation.js";
export { planFor, type Plan, type Step, type WantedNodes } from "./plan.js";
export { DEFAULT_SETTINGS, settingsSchema, type Settings, type SettingsInput } from "./settings.js";
export { parseSnapshot, serialiseSnapshot, takeSnapshot, type SavedGroup, type Snapshot } from "./snapshot.js";

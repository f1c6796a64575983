/** Campaigns: what they are begun with, and how the clusters of one get there. */
export { groupsOf } from "./groups.js";
export { DEFAULT_DEADLINE_SECONDS, parseOrder } from "./order.js";
export { watchGroups, type GroupProgress } from "./progress.js";
export { beginTarget, lookAtTarget, type CampaignPorts } from "./pursue.js";

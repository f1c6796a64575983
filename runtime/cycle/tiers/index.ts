export { arrangeTiers, isSystemTier, type Arrangement, type TierMember, type TierPlan } from "./arrange.js";
export { servicesOf, servicesWithEndpoint, whyNotReady } from "./readiness.js";
export { tierBudgetMs } from "./settings.js";
export { FOUNDATION_TIERS, SYSTEM_TIERS, TIER_NAMES, type Tier } from "./tier.js";
export { readWorkloads, workloadId, WORKLOAD_TYPES, type Workload } from "./workload.js";

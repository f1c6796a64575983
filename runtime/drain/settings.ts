import * as z from "zod";

/** What happens to pods that budgets still hold when the drain's time is over (safe-cycle H22). */
const DEADLINE_POLICIES = ["wait", "scale-owners", "force-at-deadline"] as const;

const seconds = (fallback: number) => z.number().int().min(1).max(86_400).default(fallback);
const count = (fallback: number) => z.number().int().min(1).max(10_000).default(fallback);

/**
 * How a cluster is drained. Every bound is finite: a scheduled run never waits for ever (safe-cycle 58),
 * so 0 is refused, not taken for "no limit".
 */
export const drainSettingsSchema = z.strictObject({
  /** `wait`: give up and say who is blocked; `scale-owners`: workloads to 0; `force-at-deadline`: delete past the budget. */
  policy: z.enum(DEADLINE_POLICIES).default("wait"),
  /** From the first drain step of a cycle until the policy has been carried out; kept over restarts (safe-cycle 57). */
  timeoutSeconds: seconds(1800),
  /** Longest own grace period that is waited for; a pod may ask for hours (safe-cycle 49). */
  podDeletionCapSeconds: seconds(600),
  /**
   * From a node's last pod until its volumes are detached (safe-cycle 51). A node that vanishes with a volume holds it for
   * about 6 min (safe-cycle 52): a longer wait gains nothing.
   */
  volumeDetachTimeoutSeconds: seconds(360),
  /** Allows evicting pods whose emptyDir is lost with them (safe-cycle 9). */
  deleteEmptyDirData: z.boolean().default(false),
  /** Allows evicting pods that nothing recreates (safe-cycle 8). */
  deleteUnmanagedPods: z.boolean().default(false),
  /** Allows evicting pods that carry a do-not-disrupt mark (safe-cycle 12). */
  overrideProtection: z.boolean().default(false),
  /** Nodes drained at once (safe-cycle 45). */
  maxNodes: count(5),
  /** Evictions in flight per cluster (safe-cycle 45). */
  maxPodsInFlight: count(20),
  /** Evictions in flight under one budget: more only contend inside the API server (lab.md, speed of a drain). */
  maxPodsInFlightPerBudget: count(5),
  /** Evictions started per second (safe-cycle 45). */
  requestsPerSecond: count(20),
});

/** Parsed drain settings with every default filled in. */
export type DrainSettings = z.output<typeof drainSettingsSchema>;

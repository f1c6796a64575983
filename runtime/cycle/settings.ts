import * as z from "zod";

import { drainSettingsSchema } from "../drain/settings.js";

const seconds = (fallback: number) => z.number().int().min(1).max(86_400).default(fallback);

/**
 * Everything about a run that may differ per cluster. The layers of safe-cycle 56 each have their own bound,
 * and a run that hits one names it.
 */
export const settingsSchema = z.strictObject({
  drain: drainSettingsSchema.prefault({}),
  /** One whole run, asleep or awake; a run that was interrupted gets no fresh one. */
  runTimeoutSeconds: seconds(7200),
  /** From an accepted resize until the instances have followed. EKS itself may take 15 minutes to give up on evictions (aws.md §2). */
  resizeTimeoutSeconds: seconds(1800),
  /** From the last scale-up until every node is usable (safe-cycle W9). */
  nodesReadyTimeoutSeconds: seconds(900),
  /** How long nodes must stay usable before they count (safe-cycle W9). */
  nodesStableSeconds: z.number().int().min(0).max(3600).default(30),
  /** How long the Nodes and pods of terminated instances may linger (safe-cycle H32). */
  emptyTimeoutSeconds: seconds(600),
  /** Life of the lease; renewed at a third of it. */
  leaseSeconds: z.number().int().min(3).max(3600).default(90),
  /** Pause between two looks at what the cloud does. */
  pollSeconds: seconds(15),
  /** One HTTP call. The API server may retry an eviction for 10 s inside itself (safe-cycle 29). */
  requestTimeoutSeconds: z.number().int().min(15).max(600).default(30),
});

/** Parsed settings with every default filled in. */
export type Settings = z.output<typeof settingsSchema>;
/** Settings as written in config: all optional. */
export type SettingsInput = z.input<typeof settingsSchema>;

/** Settings of a cluster for which nothing was said. */
export const DEFAULT_SETTINGS: Settings = Object.freeze(settingsSchema.parse({}));

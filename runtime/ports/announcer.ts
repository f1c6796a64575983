/** Something that people or other systems subscribe to. */
export interface Announcement {
  readonly kind:
    "success" | "failure" | "warning" | "missed-target" | "circuit-open" | "circuit-closed" | "daily-summary";
  /** `account/region/name`; null when it is about an account or the fleet. */
  readonly clusterId: string | null;
  /** Epoch milliseconds. */
  readonly at: number;
  /** One sentence for a person. */
  readonly message: string;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
}

/** Tells the world. Never throws: an announcement that cannot be made is logged, the work goes on. */
export interface Announcer {
  announce(announcements: readonly Announcement[]): Promise<void>;
}

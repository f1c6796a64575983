import type { Announcement, Announcer } from "../../ports/index.js";

/** Keeps what was announced, in order. */
export interface MemoryAnnouncer extends Announcer {
  readonly announcements: () => readonly Announcement[];
}

export function createMemoryAnnouncer(): MemoryAnnouncer {
  const told: Announcement[] = [];
  return {
    announce: (announcements) => {
      told.push(...announcements);
      return Promise.resolve();
    },
    announcements: () => told,
  };
}

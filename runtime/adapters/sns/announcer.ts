import type { Announcement, Announcer } from "../../ports/index.js";
import { createBus } from "./bus.js";
import { createTopic, type Sender } from "./topic.js";

export interface AnnouncerOptions {
  /** For people. */
  readonly topicArn?: string | undefined;
  /** For programs: every announcement. */
  readonly busName?: string | undefined;
  /** Tells the topic of successes too: a thousand clusters are two thousand messages a day. */
  readonly tellSuccess?: boolean;
  /** Hears of what could not be announced. */
  readonly warn: (message: string) => void;
}

/** Announces on an SNS topic and an EventBridge bus, each if there is one. A failure is told to `warn` and goes no further. */
export function createAnnouncer({ topicArn, busName, tellSuccess = false, warn }: AnnouncerOptions): Announcer {
  const topic = topicArn === undefined ? undefined : createTopic(topicArn);
  const bus = busName === undefined ? undefined : createBus(busName);
  async function tell(where: string, send: Sender | undefined, announcements: readonly Announcement[]): Promise<void> {
    if (send === undefined || announcements.length === 0) return;
    await send(announcements).catch((error: unknown) => {
      warn(`${where} did not take an announcement: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
  return {
    async announce(announcements) {
      const forPeople = announcements.filter(({ kind }) => tellSuccess || kind !== "success");
      await Promise.all([tell("The SNS topic", topic, forPeople), tell("The event bus", bus, announcements)]);
    },
  };
}

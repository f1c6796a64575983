import type { Alarm, Metric } from "./alarm.js";

/** Three times the longest delay that SQS knows, which a continuation or a spread wave may use. */
const OLD_SECONDS = 2_700;

const queueMetric = (queue: string, name: string): Metric => ({
  namespace: "AWS/SQS",
  name,
  dimensions: { QueueName: queue },
  statistic: "Maximum",
});

/** Work that waits too long, or that is more than the workers' four next rounds. */
export function queueAlarms(queue: string, deep: number): readonly Alarm[] {
  const often = { periodSeconds: 60, periods: 5, of: 5, silence: "fine" } as const;
  return [
    {
      key: `${queue}-age`,
      description: `The oldest message of ${queue} waits longer than any delay explains: are its workers throttled?`,
      ...often,
      rings: { when: "above", threshold: OLD_SECONDS },
      watches: queueMetric(queue, "ApproximateAgeOfOldestMessage"),
    },
    {
      key: `${queue}-depth`,
      description: `${queue} holds more than its workers take in four rounds: raise workers.maximumConcurrency or shards.`,
      ...often,
      rings: { when: "above", threshold: deep },
      watches: queueMetric(queue, "ApproximateNumberOfMessagesVisible"),
    },
  ];
}

/** Anything at all among the dead letters. The age alone would not tell: it leaves poison out (aws.md §8). */
export function deadLetterAlarm(queue: string): Alarm {
  return {
    key: queue,
    description: `${queue} is not empty: read what lies there, mend the cause, then move it back (README, "Redrive").`,
    periodSeconds: 60,
    periods: 1,
    of: 1,
    rings: { when: "above", threshold: 0 },
    silence: "fine",
    watches: queueMetric(queue, "ApproximateNumberOfMessagesVisible"),
  };
}

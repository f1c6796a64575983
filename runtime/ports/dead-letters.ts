/**
 * Queues in which messages wait that were tried too often. A queue is named by its URL, or by its name in the hub's
 * account and Region. Both calls throw `Failure` config-invalid when there is no such queue, permission-denied,
 * credentials-missing or unavailable.
 */
export interface DeadLetters {
  /** How many messages lie there; SQS itself knows it but roughly. */
  count(queue: string): Promise<number>;
  /**
   * Begins to move all of them back to the queues that they came from, where they are tried anew; who asks does not wait
   * for the end. `under-way`: that has begun before and goes on, so calling twice is safe.
   */
  redrive(queue: string): Promise<"started" | "under-way">;
}

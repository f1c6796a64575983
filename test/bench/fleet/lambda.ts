import type { MemoryWorkQueue, ReceivedWork } from "../../../runtime/adapters/memory/work-queue.js";
import type { Clock } from "../../../runtime/ports/index.js";
import { AWS } from "./quotas.js";

interface LambdaOptions<Environment> {
  readonly clock: Clock;
  readonly queues: readonly MemoryWorkQueue[];
  readonly batchSize: number;
  readonly invocationSeconds: number;
  /** What a process keeps from one invocation to the next. */
  readonly newEnvironment: () => Environment;
  /** Works on one message; what rejects comes back after its visibility. */
  readonly handle: (message: ReceivedWork, environment: Environment, remainingMs: number) => Promise<void>;
}

/** What the function used. */
interface LambdaUse {
  readonly invocations: number;
  readonly seconds: number;
  readonly environments: number;
  readonly mostAtOnce: number;
  /** Calls of the queues: receives that found something, and deletes of ten at most. */
  readonly queueCalls: number;
}

/** A function behind its event sources. */
export interface Lambda {
  /** Polls until `stop`; resolves when the last invocation has ended. */
  run(stop: AbortSignal): Promise<void>;
  readonly use: () => LambdaUse;
}

const POLL_MS = 1_000;

/**
 * Lambda's side of the queues: each event source begins with a few concurrent invocations, adds so many a second while messages
 * wait (aws.md §4), and all of them share the account's concurrency. Environments are used again.
 */
export function createLambda<Environment>(options: LambdaOptions<Environment>): Lambda {
  const { clock, queues, batchSize, invocationSeconds } = options;
  const idle: Environment[] = [];
  const running = new Set<Promise<void>>();
  const use = { invocations: 0, seconds: 0, environments: 0, mostAtOnce: 0, queueCalls: 0 };

  function takeEnvironment(): Environment {
    const known = idle.pop();
    if (known !== undefined) return known;
    use.environments += 1;
    return options.newEnvironment();
  }

  async function invoke(batch: readonly ReceivedWork[]): Promise<void> {
    const environment = takeEnvironment();
    const startedAt = clock.now();
    const endAt = startedAt + invocationSeconds * 1000;
    const handleOne = async (message: ReceivedWork): Promise<void> => {
      await options.handle(message, environment, endAt - clock.now());
      message.remove();
    };
    await Promise.allSettled(batch.map(handleOne));
    use.invocations += 1;
    use.queueCalls += 2;
    use.seconds += (clock.now() - startedAt) / 1000;
    idle.push(environment);
  }

  async function poll(queue: MemoryWorkQueue, stop: AbortSignal): Promise<void> {
    let limit: number = AWS.eventSource.first;
    let own = 0;
    while (!stop.aborted) {
      while (own < limit && running.size < AWS.concurrency) {
        const batch = queue.receive(batchSize);
        if (batch.length === 0) break;
        own += 1;
        const invocation = invoke(batch).finally(() => {
          own -= 1;
          running.delete(invocation);
        });
        running.add(invocation);
        use.mostAtOnce = Math.max(use.mostAtOnce, running.size);
      }
      const isBehind = own >= limit && (queue.nextVisibleAt() ?? Infinity) <= clock.now();
      const { first, perSecond } = AWS.eventSource;
      limit = isBehind ? limit + perSecond * (POLL_MS / 1000) : Math.max(first, own);
      await clock.sleep(POLL_MS);
    }
  }

  return {
    async run(stop) {
      await Promise.all(queues.map((queue) => poll(queue, stop)));
      await Promise.all(running);
    },
    use: () => ({ ...use }),
  };
}

import { createKubernetes } from "../../../runtime/adapters/kubernetes/kubernetes.js";
import type { TokenSource } from "../../../runtime/adapters/kubernetes/transport.js";
import type { Clock, Kubernetes } from "../../../runtime/ports/index.js";
import { startStubApiServer, type Asked, type Reply, type StubApiServer } from "./stub-api-server.js";

interface Started {
  readonly server: StubApiServer;
  readonly kubernetes: Kubernetes;
  readonly clock: SleepyClock;
}

/** Time passes only by sleeping; `slept` are the pauses. */
interface SleepyClock extends Clock {
  readonly slept: readonly number[];
}

/** To be called inside a `describe`: gives a way to start the adapter against a stub, and ends both after each test. */
export function useKubernetes(): (reply: (asked: Asked) => Reply, token?: TokenSource) => Promise<Started> {
  let started: Started | undefined;

  afterEach(async () => {
    await started?.server.stop();
    await started?.kubernetes.close();
    await started?.kubernetes.close(); // twice is safe
    started = undefined;
  });

  return async (reply, token = () => Promise.resolve("token")) => {
    const server = await startStubApiServer(reply);
    const clock = sleepyClock();
    const kubernetes = createKubernetes({
      server: server.url,
      certificateAuthority: "",
      token,
      clock,
      requestTimeoutMs: 500,
      describe: { cluster: "payments", region: "eu-west-1", principal: "arn:aws:iam::111111111111:role/spoke" },
    });
    started = { server, kubernetes, clock };
    return started;
  };
}

function sleepyClock(): SleepyClock {
  const slept: number[] = [];
  let now = 0;
  return {
    slept,
    now: () => now,
    sleep: (ms) => {
      slept.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
}

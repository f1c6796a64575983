import { startControlPlane, type ControlPlane, type ControlPlaneOptions } from "../lab/control-plane.js";
import { openCorner, type Corner } from "./corner.js";
import { curfewToken } from "./curfew-token.js";

/** What a scenario does in a corner of its own; the control plane and the token are everybody's. */
type Run = (corner: Corner, cluster: ControlPlane, token: string) => Promise<void>;

/**
 * Gives the enclosing `describe` a real control plane of its own. Scenarios wait far more than they work, so all of
 * a file begin together, each in its own corner, and each is judged in an `it` of its own.
 */
export function scenariosOnRealCluster(options: ControlPlaneOptions = {}): (title: string, run: Run) => void {
  const declared = new Map<string, Run>();
  const running = new Map<string, Promise<void>>();
  let cluster: ControlPlane | undefined;

  before(async () => {
    const started = await startControlPlane(options);
    cluster = started;
    const token = await curfewToken(started.admin);
    for (const [title, run] of declared) {
      const result = runInCorner(run, started, token);
      // Judged below; until then its failure is nobody's unhandled rejection.
      result.catch(() => undefined);
      running.set(title, result);
    }
  });
  after(() => cluster?.stop());

  return (title, run) => {
    declared.set(title, run);
    it(title, () => running.get(title));
  };
}

async function runInCorner(run: Run, cluster: ControlPlane, token: string): Promise<void> {
  const corner = await openCorner(cluster, token);
  await run(corner, cluster, token).finally(() => corner.close());
}

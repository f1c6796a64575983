import type { ControlPlane } from "../lab/control-plane.js";

/** Stops a cluster's controllers for several scenarios at once. */
export interface Standstill {
  /**
   * Runs `work` while the controllers stand still: begins once all scenarios have come this far, and the controllers
   * go on when the last of them has ended its work.
   */
  during<Result>(cluster: ControlPlane, work: () => Promise<Result>): Promise<Result>;
}

/** A standstill for this many scenarios, each of which calls `during` once. */
export function createStandstill(scenarios: number): Standstill {
  const everybodyIsReady = Promise.withResolvers<undefined>();
  let ready = 0;
  let done = 0;
  return {
    during: async ({ processes }, work) => {
      ready += 1;
      if (ready === scenarios) {
        processes.controllerManager.signal("SIGSTOP");
        everybodyIsReady.resolve(undefined);
      }
      await everybodyIsReady.promise;
      try {
        return await work();
      } finally {
        done += 1;
        if (done === scenarios) processes.controllerManager.signal("SIGCONT");
      }
    },
  };
}

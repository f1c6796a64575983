import { Failure, type CampaignRun, type Campaigns } from "../../ports/index.js";

/** Campaigns in memory: nobody works on them. */
export interface MemoryCampaigns extends Campaigns {
  /** Lets a campaign come to an end. */
  finish(id: string, end: Pick<CampaignRun, "status" | "endedAt" | "cause">): void;
}

/** State machines by name or ARN. */
export function createMemoryCampaigns(machines: readonly string[]): MemoryCampaigns {
  const runs = new Map<string, CampaignRun>();

  function runOf(id: string): CampaignRun {
    const run = runs.get(id);
    if (run === undefined) throw unknown(id);
    return run;
  }

  return {
    start: (machine, order) =>
      new Promise((resolve) => {
        if (!machines.includes(machine)) throw unknown(machine);
        const id = `${machine}:${runs.size + 1}`;
        runs.set(id, { status: "running", order, endedAt: null, cause: null });
        resolve(id);
      }),
    read: (id) => new Promise((resolve) => resolve(runOf(id))),
    finish: (id, end) => void runs.set(id, { ...runOf(id), ...end }),
  };
}

function unknown(what: string): Failure {
  return new Failure({ code: "config-invalid", message: `There is no ${what}.`, remedy: "Name one that there is." });
}

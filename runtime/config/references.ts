import { pathTo } from "../schedule/index.js";
import type { DeclaredSchedules } from "./fleet-schedules.js";
import type { HubDeclaration } from "./hub.js";
import type { PlainRecord } from "./plain-record.js";
import type { ProblemList } from "./problems.js";
import { quote, suggest } from "./wording.js";

/** What a cluster's fields may refer to. */
export interface Referents {
  readonly schedules: DeclaredSchedules;
  /** The stack's hub; null without one. */
  readonly hub: Pick<HubDeclaration, "converge"> | null;
  readonly problems: ProblemList;
}

/** Notes whatever the fields at `path` (an entry's, a profile's, the defaults') name that is not declared. */
export function checkReferences(raw: PlainRecord, path: string, { schedules, hub, problems }: Referents): void {
  const { schedule, converge } = raw;
  if (typeof schedule === "string" && !schedules.has(schedule)) {
    const hint = suggest(schedule, [...schedules.keys()]);
    problems.add(pathTo(path, "schedule"), `no schedule is called ${quote(schedule)}${hint}`);
  }
  if (converge === "hub" && hub === null) {
    problems.add(pathTo(path, "converge"), "needs a hub: declare one under hub, or leave this out");
  }
}

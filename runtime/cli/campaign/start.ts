import { DEFAULT_DEADLINE_SECONDS } from "../../fleet/campaign/index.js";
import { hubCampaignsName } from "../../config/index.js";
import type { CampaignOrder } from "../../ports/index.js";
import type { DesiredState } from "../../schedule/index.js";
import type { CommandScope } from "../command-scope.js";
import type { SourceOptions } from "../config-source.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { isoOf } from "../instant.js";
import type { Project } from "../load-project.js";
import { personOf } from "../person.js";
import { instantOfUntil, type Until } from "../until.js";
import { usageError } from "../usage-error.js";
import { withProject } from "../with-project.js";
import { withHub } from "../with-runtime.js";
import { chooseGroups, type ChosenGroups, type GroupingOptions } from "./choose-groups.js";

/** What `curfew campaign start` is told. */
export interface StartOptions extends SourceOptions, GroupingOptions {
  readonly state: DesiredState;
  readonly until: Until;
  readonly reason: string;
  readonly owner?: string;
  readonly tolerate: number;
  readonly deadline?: number;
  readonly machine?: string;
  readonly dryRun?: boolean;
}

/** Begins a campaign, or shows what it would be. */
export function startCampaign(names: readonly string[], options: StartOptions, scope: CommandScope): Promise<ExitCode> {
  const { host, terminal } = scope;
  return withProject(options, scope, async (project) => {
    const chosen = chooseGroups(project.fleet, names, options);
    const order = orderOf(options, chosen, scope);
    if (options.dryRun) {
      tell({ id: null, order, leftOut: chosen.leftOut }, scope);
      return EXIT.done;
    }
    const machine = options.machine ?? machineOf(project);
    return withHub(project, host, async ({ campaigns }) => {
      const id = await campaigns.start(machine, order);
      tell({ id, order, leftOut: chosen.leftOut }, scope);
      if (!terminal.isJson) terminal.tell(`\`curfew campaign watch ${id}\` shows how far it is.`);
      return EXIT.done;
    });
  });
}

function orderOf(options: StartOptions, { groups }: ChosenGroups, { host }: CommandScope): CampaignOrder {
  const { state, reason, owner = personOf(host.environment), tolerate, deadline = DEFAULT_DEADLINE_SECONDS } = options;
  if (options.until.kind === "wall-clock") {
    throw usageError("--until must be one instant for all zones: ISO 8601 with zone, or +8h from now");
  }
  const now = host.now();
  const until = instantOfUntil(options.until, now, "UTC");
  if (until <= now) throw usageError(`--until ${isoOf(until)} has passed: it is ${isoOf(now)} now`);
  return {
    groups,
    state,
    until: isoOf(until),
    reason,
    owner,
    toleratedFailurePercentage: tolerate,
    deadlineSeconds: deadline,
  };
}

function machineOf({ fleet: { hub } }: Project): string {
  if (hub === null)
    throw usageError("no curfew:hub is declared to run campaigns: name its state machine with --machine");
  if (!hub.campaigns) throw usageError("the hub is declared without campaigns: set curfew:hub.campaigns to true");
  return hubCampaignsName(hub.prefix);
}

interface Started {
  /** Null: only shown. */
  readonly id: string | null;
  readonly order: CampaignOrder;
  readonly leftOut: readonly string[];
}

function tell({ id, order, leftOut }: Started, { terminal }: CommandScope): void {
  if (terminal.isJson) {
    terminal.document({ campaign: id, order, leftOut });
    return;
  }
  const { groups, state, until } = order;
  const lines = groups.map(({ name, clusters }) => `  ${name}: ${clusters.join(", ")}`);
  const verb = id === null ? "Would keep" : "Keeps";
  terminal.print([`${verb} these ${state} until ${until}, group after group:`, ...lines].join("\n"));
  if (leftOut.length > 0) terminal.print(`Left out, as excluded or in no group: ${leftOut.join(", ")}`);
  if (id !== null) terminal.print(`Campaign ${id}`);
}

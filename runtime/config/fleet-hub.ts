import { deepFreeze } from "../schedule/frozen.js";
import type { Parsed } from "../schedule/index.js";
import type { HubDeclaration, HubSettings } from "./hub.js";
import { hubSchema, hubSettingsSchema, hubState } from "./hub.js";
import type { ProblemList } from "./problems.js";
import { stateSchema } from "./sections.js";
import { checkShape } from "./shape.js";
import type { Source } from "./sources.js";
import { onlyItem } from "./sources.js";

/** Reads `curfew:hub`; null when the stack declares none. */
export function parseHub(sources: readonly Source[], problems: ProblemList): HubDeclaration | null {
  const item = onlyItem(sources, "hub", problems);
  const hub = item && problems.take(checkShape(hubSchema, item.value, item.path));
  return hub?.enabled === true ? deepFreeze(hub) : null;
}

/** Where state is kept: the hub's table, else what `curfew:state` says, else null. */
export function parseState(
  sources: readonly Source[],
  hub: HubDeclaration | null,
  problems: ProblemList,
): string | null {
  const item = onlyItem(sources, "state", problems);
  if (item === undefined) return hub && hubState(hub);
  // A schedule that is registered elsewhere than in the hub's table is one that the hub never sees.
  if (hub !== null) problems.add(item.path, "must not be there beside a hub, whose table keeps the state: remove it");
  return problems.take(checkShape(stateSchema, item.value, item.path)) ?? null;
}

/** Reads the sizes of a hub and fills in their defaults; every problem at once. */
export function parseHubSettings(value: unknown): Parsed<HubSettings> {
  return checkShape(hubSettingsSchema, value, "");
}

import type { Settings, SettingsInput } from "../cycle/settings.js";
import { deepFreeze } from "../schedule/frozen.js";
import { pathTo } from "../schedule/index.js";
import type { Environment } from "./environment.js";
import { settingsFromEnvironment } from "./environment.js";
import type { ProblemList } from "./problems.js";
import { layerSettings, settingAt, settingLeaves, settingsPatchSchema } from "./settings.js";
import { checkShape } from "./shape.js";
import type { Item, Source } from "./sources.js";
import { sectionsOf } from "./sources.js";

/**
 * Gives a cluster's settings: defaults, below the fleet's, below `own`, below the environment's. Equal by identity for an
 * `own` that is the same object, so that clusters of one profile share theirs.
 */
export type SettingsOf = (own: SettingsInput | undefined) => Settings;

const NOTHING: SettingsInput = {};

/** Reads the fleet's layers of settings. */
export function parseFleetSettings(
  sources: readonly Source[],
  environment: Environment,
  problems: ProblemList,
): SettingsOf {
  const sections = sectionsOf(sources, "settings");
  refuseTwice(sections, problems);
  const fleet = sections.map(({ path, value }) => problems.take(checkShape(settingsPatchSchema, value, path)) ?? {});
  const lastWord = problems.take(settingsFromEnvironment(environment)) ?? {};
  const known = new WeakMap<SettingsInput, Settings>();
  return (own = NOTHING) => {
    const settings = known.get(own) ?? deepFreeze(layerSettings(...fleet, own, lastWord));
    known.set(own, settings);
    return settings;
  };
}

/** Stack and catalogue may each declare some settings, but not the same one: neither is plainly above the other. */
function refuseTwice([first, second]: readonly Item[], problems: ProblemList): void {
  if (first === undefined || second === undefined) return;
  for (const { path } of settingLeaves()) {
    if (settingAt(first.value, path) === undefined || settingAt(second.value, path) === undefined) continue;
    problems.add(
      pathTo(second.path, ...path),
      `is declared already at ${pathTo(first.path, ...path)}: keep one of them`,
    );
  }
}

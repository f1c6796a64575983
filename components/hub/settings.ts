import * as pulumi from "@pulumi/pulumi";

import { parseHubSettings, type HubSettings, type HubSettingsInput } from "../../runtime/config/index.js";

/** Fills in what was left out; throws a `RunError` that names everything that is wrong, without a stack trace. */
export function acceptSettings(sizes: HubSettingsInput): HubSettings {
  const parsed = parseHubSettings(sizes);
  if (parsed.ok) return parsed.value;
  const lines = parsed.problems.map(({ path, message }) => `  ${path} ${message}`);
  throw new pulumi.RunError(["The hub's settings are refused:", ...lines].join("\n"));
}

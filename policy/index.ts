/** The policy pack: started by the engine, once for each run, with `--policy-pack policy`. */
import "./lean-sdk.js";

import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { PolicyPack } from "@pulumi/policy";

import { whenEngineIsGone } from "../runtime/ports/index.js";
import { exportPreviousState } from "./previous-state.js";
import { findProjectFolder, pulumiCommand } from "./project-folder.js";
import { createPolicies } from "./registry.js";
import { readStackConfig } from "./stack-config.js";
import { once, type World } from "./world.js";

whenEngineIsGone(process, () => process.exit(1));

const { PULUMI_CONFIG = "{}", PULUMI_ORGANIZATION, PULUMI_PROJECT, PULUMI_STACK } = process.env;
const folder = findProjectFolder(PULUMI_PROJECT);

function readFile(path: string): string | undefined {
  try {
    return readFileSync(resolve(folder ?? ".", path), "utf8");
  } catch {
    return undefined;
  }
}

// Asked for at once, so that the CLI works while the program does.
const previousState = exportPreviousState({
  command: pulumiCommand(),
  folder,
  organization: PULUMI_ORGANIZATION,
  project: PULUMI_PROJECT,
  stack: PULUMI_STACK,
});

const world: World = {
  stackConfig: once(() =>
    readStackConfig({
      config: JSON.parse(PULUMI_CONFIG) as Readonly<Record<string, string>>,
      environment: process.env,
      readFile,
    }),
  ),
  previousState: () => previousState,
  nowMs: () => Date.now(),
};

new PolicyPack("curfew", { policies: createPolicies(world), description: "Guard rails of Curfew" });

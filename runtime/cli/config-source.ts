import { dirname, join, resolve } from "node:path";

import type { Command } from "commander";
import { parse } from "yaml";

import { Failure } from "../ports/index.js";
import type { CliHost } from "./host.js";
import { readVariable } from "./read-variable.js";
import { usageError } from "./usage-error.js";

/** Options that say where clusters are declared. */
export interface SourceOptions {
  readonly stack?: string | undefined;
  readonly config?: string | undefined;
}

/** A file with declarations, and the folder to which the paths in it are relative; both absolute. */
export interface ConfigSource {
  readonly file: string;
  readonly folder: string;
}

type Surroundings = Pick<CliHost, "cwd" | "environment" | "readText">;

const PROJECT_FILE = "Pulumi.yaml";

/** Adds the options, and `--json`, to a command. */
export function withSource(command: Command): Command {
  return command
    .option("--stack <name>", "the Pulumi stack that declares the clusters (default: CURFEW_STACK)")
    .option("--config <file>", "a file that declares them: a Pulumi stack file or a catalogue (default: CURFEW_CONFIG)")
    .option("--json", "print one JSON document");
}

/**
 * Where the clusters are declared: the options' word, else the environment's. Throws a usage error unless exactly one
 * place is named, `Failure` config-invalid when the project's own file is not YAML. Whether the file is there is not looked at.
 */
export async function findSource(options: SourceOptions, host: Surroundings): Promise<ConfigSource> {
  const { stack, config } = namedPlace(options, host.environment);
  if ((stack === undefined) === (config === undefined)) {
    throw usageError(
      `say where the clusters are declared, in one way: --stack NAME or --config FILE (or CURFEW_STACK or CURFEW_CONFIG)`,
    );
  }
  return stack === undefined ? fileSource(resolve(host.cwd, config ?? ""), host) : stackSource(stack, host);
}

/** Whether options or environment name a place at all. */
export function namesSource(options: SourceOptions, environment: CliHost["environment"]): boolean {
  const { stack, config } = namedPlace(options, environment);
  return stack !== undefined || config !== undefined;
}

function namedPlace(options: SourceOptions, environment: CliHost["environment"]): SourceOptions {
  if (options.stack !== undefined || options.config !== undefined) return options;
  return { stack: readVariable(environment, "CURFEW_STACK"), config: readVariable(environment, "CURFEW_CONFIG") };
}

async function fileSource(file: string, host: Surroundings): Promise<ConfigSource> {
  const project = await findProject(dirname(file), host);
  return { file, folder: project?.folder ?? dirname(file) };
}

async function stackSource(stack: string, host: Surroundings): Promise<ConfigSource> {
  const project = await findProject(host.cwd, host);
  if (project === undefined) {
    throw usageError(
      `--stack ${stack} needs a Pulumi project, but neither ${host.cwd} nor a folder above it has a ${PROJECT_FILE}: go there, or use --config FILE`,
    );
  }
  // Pulumi's full names are organisation/project/stack; its files carry the last part.
  const file = `Pulumi.${stack.split("/").at(-1) ?? stack}.yaml`;
  return { file: join(project.folder, stackFolder(project.text), file), folder: project.folder };
}

async function findProject(
  folder: string,
  host: Surroundings,
): Promise<{ readonly folder: string; readonly text: string } | undefined> {
  const text = await host.readText(join(folder, PROJECT_FILE));
  if (text !== undefined) return { folder, text };
  return dirname(folder) === folder ? undefined : findProject(dirname(folder), host);
}

/** `stackConfigDir` of a Pulumi.yaml; by default stack files lie beside it. */
function stackFolder(text: string): string {
  const folder = (parseProject(text) as { readonly stackConfigDir?: unknown } | null)?.stackConfigDir;
  return typeof folder === "string" ? folder : "";
}

function parseProject(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new Failure(
      { code: "config-invalid", message: `${PROJECT_FILE} is not YAML.`, remedy: "Repair it, or use --config FILE." },
      { cause: error },
    );
  }
}

import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The folder of the project that a pack is run for, to which the paths in its config are relative. The engine names the
 * project to a pack, but not its folder, and starts the pack in the pack's own: so it is looked for above the folders of the
 * processes that started the pack, where the system tells them (Linux), then above the pack's. Undefined when none bears the
 * name.
 */
export function findProjectFolder(project: string | undefined): string | undefined {
  for (const start of [...ancestors().map((pid) => linkOf(pid, "cwd")), process.cwd()]) {
    const found = start === undefined ? undefined : findAbove(start, project);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The CLI that runs the pack, where the system tells; else the one that PATH finds. */
export function pulumiCommand(): string {
  const programs = ancestors().map((pid) => linkOf(pid, "exe"));
  return programs.find((program) => program?.endsWith("/pulumi")) ?? "pulumi";
}

function findAbove(folder: string, project: string | undefined): string | undefined {
  if (project === undefined || nameIn(folder) === project) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : findAbove(parent, project);
}

function nameIn(folder: string): string | undefined {
  const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file === undefined) return undefined;
  const [, name] = /^name:\s*["']?([^\s"'#]+)/m.exec(readFileSync(file, "utf8")) ?? [];
  return name;
}

/** Between the CLI and the pack stand a shell script or a language host, by the CLI's version. */
const MOST_ANCESTORS = 4;

/** Ids of the processes above this one, the nearest first. */
function ancestors(): readonly number[] {
  const found = [process.ppid];
  while (found.length < MOST_ANCESTORS) {
    const parent = parentOf(found.at(-1) ?? 0);
    if (parent === undefined || parent <= 1) break;
    found.push(parent);
  }
  return found;
}

/** The fourth field; the second is the program's name in brackets, which may hold anything. */
function parentOf(pid: number): number | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  const [, parent] = /\) \S (\d+) [^)]*$/.exec(stat ?? "") ?? [];
  return parent === undefined ? undefined : Number(parent);
}

const linkOf = (pid: number, link: string): string | undefined => attempt(() => realpathSync(`/proc/${pid}/${link}`));

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { stringify } from "yaml";

import type { Attempt } from "./fault.js";
import { readHeld, withoutInterruptedCreations, type HeldState } from "./held.js";
import { moveState, type Deployment } from "./move-state.js";
import { runPulumi } from "./pulumi-cli.js";
import type { Session } from "./session.js";

type Place = Pick<Session, "cli" | "project" | "folder">;

/** The names of the project's stacks in the backend. */
export async function listStacks(place: Place): Promise<Attempt<readonly string[]>> {
  const answer = await runPulumi(place.cli, ["stack", "ls", "--json"], await bareProject(place));
  if (!answer.ok) return answer;
  const stacks = JSON.parse(answer.value) as readonly { readonly name: string }[];
  // A stack of another organisation carries its name in front.
  return { ok: true, value: stacks.map(({ name }) => name.split("/").at(-1) ?? name) };
}

/** What a stack holds, by its state; nothing is decrypted. */
export async function readStack(stack: string, place: Place): Promise<Attempt<HeldState>> {
  const exported = await exportStack(stack, place);
  return exported.ok ? { ok: true, value: readHeld(exported.value.deployment) } : exported;
}

/** Forgets creations of clusters that were cut off, which the engine would go on warning of. */
export async function forgetInterrupted(stack: string, place: Place): Promise<Attempt<string>> {
  const exported = await exportStack(stack, place);
  if (!exported.ok) return exported;
  return importStack(
    stack,
    { ...exported.value, deployment: withoutInterruptedCreations(exported.value.deployment) },
    place,
  );
}

/**
 * Moves resources from one stack to another by rewriting both states. First they are put into the one, then taken out of the
 * other: cut off in between they stand in both, which the next command sees and says.
 */
export async function moveBetween(
  { from, to, urns }: { readonly from: string; readonly to: string; readonly urns: readonly string[] },
  place: Place,
): Promise<Attempt<string>> {
  const [source, dest] = await Promise.all([exportStack(from, place), exportStack(to, place)]);
  if (!source.ok) return source;
  if (!dest.ok) return dest;
  const moved = moveState(source.value.deployment, dest.value.deployment, { urns: new Set(urns), from, to });
  if (!moved.ok) return moved;
  const put = await importStack(to, { ...dest.value, deployment: moved.value.dest }, place);
  return put.ok ? importStack(from, { ...source.value, deployment: moved.value.source }, place) : put;
}

/** Makes a stack that holds nothing. Calling twice is safe. */
export async function createStack(stack: string, place: Place): Promise<Attempt<string>> {
  const stacks = await listStacks(place);
  if (!stacks.ok) return stacks;
  if (stacks.value.includes(stack)) return { ok: true, value: "" };
  return runPulumi(place.cli, ["stack", "init", stack], await bareProject(place));
}

/** What `pulumi stack export` writes. */
interface ExportedStack {
  readonly version: number;
  readonly deployment: Deployment;
}

async function exportStack(stack: string, place: Place): Promise<Attempt<ExportedStack>> {
  const answer = await runPulumi(place.cli, ["stack", "export", "--stack", stack], await bareProject(place));
  return answer.ok ? { ok: true, value: JSON.parse(answer.value) as ExportedStack } : answer;
}

async function importStack(stack: string, state: ExportedStack, place: Place): Promise<Attempt<string>> {
  const cwd = await bareProject(place);
  const file = join(place.folder, `${stack}.state.json`);
  await writeFile(file, JSON.stringify(state), { mode: 0o600 });
  return runPulumi(place.cli, ["stack", "import", "--stack", stack, "--file", file], cwd);
}

/** A folder with the project's name and nothing else: what only reads the backend needs no program and no config. */
async function bareProject({ folder, project }: Pick<Place, "folder" | "project">): Promise<string> {
  const path = join(folder, "bare");
  await mkdir(path, { recursive: true });
  const { backend } = project.portableSettings;
  const settings = { name: project.name, runtime: "nodejs", ...(backend !== undefined && { backend }) };
  await writeFile(join(path, "Pulumi.yaml"), stringify(settings));
  return path;
}

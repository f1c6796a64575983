import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { install, packInto, type Packed } from "./packed.js";

/** Another project, somewhere else on this computer, in which this package is installed. */
export interface Consumer extends AsyncDisposable {
  readonly packed: Packed;
  path(...segments: readonly string[]): string;
  /** Writes a file of it; folders come with it. */
  write(path: string, text: string): Promise<void>;
}

/** Packs this package and installs it in a new project; `package.json` is an ECMAScript module's without a program. */
export async function createConsumer(): Promise<Consumer> {
  const folder = await mkdtemp(join(tmpdir(), "curfew-consumer-"));
  const packed = await packInto(folder);
  const path = (...segments: readonly string[]) => join(folder, ...segments);
  const consumer: Consumer = {
    packed,
    path,
    async write(name, text) {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), text);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
  await install(packed, folder);
  await consumer.write("package.json", JSON.stringify({ name: "platform", private: true, type: "module" }));
  return consumer;
}

/** A Pulumi.yaml for a program in JavaScript. */
export const projectFile = (name: string): string =>
  `name: ${name}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n`;

import { join } from "node:path";
import { MINISTACK } from "./catalogue.js";
import { runCommand } from "./command.js";

/** Makes a Python virtual environment in `into` that holds the AWS emulator at its pinned version. */
export async function makeMinistackVenv(into: string): Promise<void> {
  await runCommand("python3", ["-m", "venv", into]);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `ministack==${MINISTACK}`];
  await runCommand(join(into, "bin", "python"), pip);
}

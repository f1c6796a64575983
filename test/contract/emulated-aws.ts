import { setEnvironment } from "../adapters/aws/environment.js";
import { startEmulator, type Emulator } from "../lab/emulator/emulator.js";
import { startFront, type Front } from "../lab/emulator/front.js";
import { environmentOf } from "../lab/lab-aws.js";
import { startProcessGroup } from "../lab/process/process-group.js";
import { resolveTool } from "../lab/tools/resolve.js";

/** No control plane stands behind clusters of a suite whose port never calls one. */
export const NO_API = {
  endpoint: "https://127.0.0.1:6443",
  caPem: "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
};

/** The emulator with its front, to which the environment leads every AWS client of this process until it is disposed of. */
export interface EmulatedAws extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly front: Front;
}

/** Starts it; clients that are told no Region take `region`. */
export async function startEmulatedAws(region?: string): Promise<EmulatedAws> {
  await using starting = new AsyncDisposableStack();
  const processes = await startProcessGroup();
  starting.defer(() => processes.stop());
  const emulator = await startEmulator(processes, await resolveTool("ministack"));
  starting.defer(() => emulator.close());
  const front = await startFront(emulator.url);
  starting.defer(() => front.close());
  starting.defer(setEnvironment(environmentOf(front, region)));
  const running = starting.move();
  return { emulator, front, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

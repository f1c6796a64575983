import { createRequire } from "node:module";

import type { Policies } from "@pulumi/policy";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";

import { createPolicies } from "../../policy/registry.js";
import type { PreviousState } from "../../policy/previous-state.js";
import { readStackConfig } from "../../policy/stack-config.js";
import { once } from "../../policy/world.js";
import { packagePath } from "../lab/package-path.js";

type StructMessage = NonNullable<ReturnType<InstanceType<typeof messages.AnalyzeRequest>["getProperties"]>>;
type Handler<Request, Response> = (
  call: { readonly request: Request },
  callback: (error: Error | null | undefined, response: Response) => void,
) => Promise<void>;
type MakeHandler<Request, Response> = (
  pack: string,
  version: string,
  level: string,
  policies: Policies,
) => Handler<Request, Response>;

type AnalyzeRequest = InstanceType<typeof messages.AnalyzeRequest>;
type AnalyzeStackRequest = InstanceType<typeof messages.AnalyzeStackRequest>;
type AnalyzeResponse = InstanceType<typeof messages.AnalyzeResponse>;
type RemediateResponse = InstanceType<typeof messages.RemediateResponse>;

// The SDK's own server functions, of which it publishes no types, and its own copy of the messages' library.
const sdk = createRequire(packagePath("node_modules", "@pulumi", "policy", "package.json"));
const server = sdk("./server.js") as {
  readonly makeAnalyzeRpcFun: MakeHandler<AnalyzeRequest, AnalyzeResponse>;
  readonly makeAnalyzeStackRpcFun: MakeHandler<AnalyzeStackRequest, AnalyzeResponse>;
  readonly makeRemediateRpcFun: MakeHandler<AnalyzeRequest, RemediateResponse>;
};
const { Struct } = sdk("google-protobuf/google/protobuf/struct_pb.js") as {
  readonly Struct: { fromJavaScript(value: object): StructMessage };
};

/** What the engine sends in place of a text that a preview cannot know. */
export const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource as a test says it. */
export interface TestResource {
  readonly type: string;
  readonly name: string;
  readonly props?: object;
  /** Types of its parents, from the outside; Curfew's component of queues unless told otherwise. */
  readonly parents?: readonly string[];
  /** Names of the resources, of `type/name`, that a property was made from. */
  readonly from?: Readonly<Record<string, TestResource>>;
  readonly aliases?: readonly string[];
  readonly provider?: object;
}

/** Something that the pack said. */
export interface Said {
  readonly rule: string;
  readonly level: "advisory" | "mandatory" | "remediate" | "disabled";
  readonly message: string;
}

export interface TestPackOptions {
  /** The stack's config, by key with its namespace; structures become JSON as Pulumi sends them. */
  readonly stackConfig?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, string>>;
  /** Policy config, by rule. */
  readonly config?: Readonly<Record<string, object>>;
  readonly previous?: PreviousState;
  readonly atMs?: number;
}

/** The pack of the product behind the SDK's own handlers, as the engine speaks to them. */
export interface TestPack {
  /** The violations of single resources. */
  analyze(...resources: readonly TestResource[]): Promise<readonly Said[]>;
  /** The violations of the stack. */
  analyzeStack(...resources: readonly TestResource[]): Promise<readonly Said[]>;
  /** The properties after remediation; undefined when nothing was mended. */
  remediate(resource: TestResource): Promise<object | undefined>;
}

/** 2026-11-21, a Saturday, at noon. */
export const NOW_MS = Date.parse("2026-11-21T12:00:00Z");

export function createTestPack(options: TestPackOptions = {}): TestPack {
  const { stackConfig = {}, files = {}, config = {}, previous = { ok: true, clusters: [] }, atMs = NOW_MS } = options;
  const texts = Object.entries(stackConfig).map(([key, value]) => [key, asText(value)] as const);
  const source = { config: Object.fromEntries(texts), environment: {}, readFile: (path: string) => files[path] };
  const policies = createPolicies({
    stackConfig: once(() => readStackConfig(source)),
    previousState: () => Promise.resolve(previous),
    nowMs: () => atMs,
  }).map((policy) => configured(policy, config[policy.name] ?? {}));
  const handler = <Request, Response>(make: MakeHandler<Request, Response>) => {
    const handle = make("curfew", "0.1.0", "mandatory", policies);
    return (request: Request) =>
      new Promise<Response>((resolve, reject) => {
        void handle({ request }, (error, response) => (error ? reject(error) : resolve(response)));
      });
  };
  const analyze = handler(server.makeAnalyzeRpcFun);
  const analyzeStack = handler(server.makeAnalyzeStackRpcFun);
  const remediate = handler(server.makeRemediateRpcFun);
  return {
    async analyze(...resources) {
      const answers = await Promise.all(resources.map((resource) => analyze(requestOf(resource))));
      return answers.flatMap(saidIn);
    },
    analyzeStack: async (...resources) => saidIn(await analyzeStack(stackRequestOf(resources))),
    async remediate(resource) {
      const answer = await remediate(requestOf(resource));
      return answer.getRemediationsList().at(-1)?.getProperties()?.toJavaScript();
    },
  };
}

/** Pulumi hands structures to programs as JSON. */
const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** The engine's `Configure` is reached through a running server only: so policy config is put where rules read it. */
function configured<P extends Policies[number]>(policy: P, config: object): P {
  const withConfig = (key: string, check: unknown): object => {
    if (typeof check !== "function") return {};
    const call = (args: object, report: unknown): unknown =>
      (check as (args: object, report: unknown) => unknown)(
        Object.assign(args, { getConfig: () => ({ ...config }) }),
        report,
      );
    return { [key]: Object.assign(call, check) };
  };
  const checks = Object.entries(policy).map(([key, value]) => withConfig(key, value));
  return Object.assign({}, policy, ...checks) as P;
}

export const urnOf = ({ type, name, parents = ["curfew:index:Hub"] }: TestResource): string =>
  `urn:pulumi:lab::curfew::${[...parents, type].join("$")}::${name}`;

function requestOf(resource: TestResource): AnalyzeRequest {
  return filled(new messages.AnalyzeRequest(), resource);
}

function stackRequestOf(resources: readonly TestResource[]): AnalyzeStackRequest {
  const request = new messages.AnalyzeStackRequest();
  for (const resource of resources) {
    const message = filled(new messages.AnalyzerResource(), resource);
    for (const [key, from] of Object.entries(resource.from ?? {})) {
      const dependencies = new messages.AnalyzerPropertyDependencies();
      dependencies.setUrnsList([urnOf(from)]);
      message.getPropertydependenciesMap().set(key, dependencies);
    }
    request.addResources(message);
  }
  return request;
}

function filled<M extends AnalyzeRequest | InstanceType<typeof messages.AnalyzerResource>>(
  message: M,
  resource: TestResource,
): M {
  const options = new messages.AnalyzerResourceOptions();
  options.setAliasesList([...(resource.aliases ?? [])]);
  message.setType(resource.type);
  message.setName(resource.name);
  message.setUrn(urnOf(resource));
  message.setProperties(Struct.fromJavaScript(resource.props ?? {}));
  message.setOptions(options);
  if (resource.provider !== undefined) {
    const provider = new messages.AnalyzerProviderResource();
    provider.setProperties(Struct.fromJavaScript(resource.provider));
    message.setProvider(provider);
  }
  return message;
}

const LEVELS = ["advisory", "mandatory", "disabled", "remediate"] as const;

const saidIn = (answer: AnalyzeResponse): readonly Said[] =>
  answer.getDiagnosticsList().map((diagnostic) => ({
    rule: diagnostic.getPolicyname(),
    level: LEVELS[diagnostic.getEnforcementlevel()],
    message: diagnostic.getMessage(),
  }));

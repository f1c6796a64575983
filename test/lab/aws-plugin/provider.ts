import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";

import type { provider } from "@pulumi/pulumi";

import { createAccounts, type AwsAccount } from "./account.js";
import { answerInvoke } from "./invokes.js";
import { findType, KNOWN_TYPES } from "./registry.js";
import type { Properties, ResourceType } from "./resource-type.js";
import { byContent, hasUnknowns, openProperties } from "./wire-values.js";

/** The version that the installed SDK asks for. */
const { version } = createRequire(import.meta.url)("@pulumi/aws/package.json") as { readonly version: string };

/** Where a resource's inputs are kept beside its outputs, to be compared with the next ones. */
const INPUTS = "__inputs";

/**
 * The provider: knows no type itself, hands each call to the type's own file. Its Region is an input's, else the
 * environment's; a provider resource's own config is not heard (the SDK's server drops it).
 */
export function createAwsProvider(): provider.Provider {
  const accounts = createAccounts();
  const accountOf = ({ region }: Properties): AwsAccount =>
    accounts(typeof region === "string" ? region : homeRegion());
  return {
    version,
    check: (urn, olds: Properties, news: Properties) => Promise.resolve(check(urn, olds, openProperties(news))),
    diff: (_id, urn, olds: Properties, news: Properties) => Promise.resolve(diff(urn, olds, openProperties(news))),
    async create(urn, inputs: Properties) {
      const opened = openProperties(inputs);
      const { id, outputs } = await typeOf(urn).create(opened, accountOf(opened));
      return { id, outs: stateOf(opened, outputs) };
    },
    async read(id, urn, state: Properties = {}) {
      const opened = openProperties(state);
      const outputs = await typeOf(urn).read(id, opened, accountOf(opened));
      // The engine takes an empty id for one that is gone.
      if (outputs === undefined) return { id: "", props: {} };
      return { id, props: { ...opened, ...outputs }, inputs: opened[INPUTS] };
    },
    async update(id, urn, _olds: Properties, inputs: Properties) {
      const opened = openProperties(inputs);
      return { outs: stateOf(opened, await typeOf(urn).update(id, opened, accountOf(opened))) };
    },
    async delete(id, urn, state: Properties) {
      const opened = openProperties(state);
      await typeOf(urn).remove(id, opened, accountOf(opened));
    },
    invoke: async (token, args: Properties) => ({
      outputs: await answerInvoke(token, accountOf(openProperties(args))),
    }),
  };
}

/** Where resources go that do not say it. */
const homeRegion = (): string => process.env["AWS_REGION"] ?? "us-east-1";

const stateOf = (inputs: Properties, outputs: Properties): Properties => ({
  ...inputs,
  ...outputs,
  region: inputs["region"] ?? homeRegion(),
  [INPUTS]: inputs,
});

/** `urn:pulumi:stack::project::parent$type::name` */
const tokenOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";
const nameOf = (urn: string): string => urn.split("::").at(-1) ?? "";

function typeOf(urn: string): ResourceType {
  const type = findType(tokenOf(urn));
  if (type === undefined) throw new Error(unknownType(tokenOf(urn)));
  return type;
}

const unknownType = (token: string): string =>
  `The lab's stand-in for the AWS provider has no ${token}. It has: ${KNOWN_TYPES.join(", ")}.`;

function check(urn: string, olds: Properties, news: Properties): provider.CheckResult {
  const type = findType(tokenOf(urn));
  if (type === undefined) return { inputs: news, failures: [{ property: "", reason: unknownType(tokenOf(urn)) }] };
  const inputs = withName(type, nameOf(urn), olds, news);
  return { inputs, failures: hasUnknowns(inputs) ? [] : [...type.check(inputs)] };
}

/** As the official provider does: the resource's name and seven random digits, kept from then on. */
function withName({ nameInput }: ResourceType, name: string, olds: Properties, news: Properties): Properties {
  if (nameInput === undefined || news[nameInput] !== undefined) return news;
  return { ...news, [nameInput]: olds[nameInput] ?? `${name}-${randomBytes(4).toString("hex").slice(0, 7)}` };
}

function diff(urn: string, olds: Properties, news: Properties): provider.DiffResult {
  const before = openProperties(olds)[INPUTS] as Properties;
  const names = new Set([...Object.keys(before), ...Object.keys(news)]);
  const changed = [...names].filter((name) => !isDeepStrictEqual(byContent(before[name]), byContent(news[name])));
  const { replaceOn, nameInput } = typeOf(urn);
  const replaces = changed.filter((name) => replaceOn.includes(name));
  // Two of the same name cannot be there at once.
  const deleteBeforeReplace = nameInput === undefined || !changed.includes(nameInput);
  return { changes: changed.length > 0, replaces, deleteBeforeReplace };
}

import { refused, type Attempt } from "./fault.js";

/** A stack's deployment, as far as a move reads and writes it. */
export interface Deployment {
  readonly resources?: readonly StateResource[];
  readonly [key: string]: unknown;
}

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly parent?: string;
  /** `<urn of the provider>::<its id>`. */
  readonly provider?: string;
  readonly [key: string]: unknown;
}

/** By which Pulumi knows an encrypted value. */
const SECRET_MARK = "4dabf18193072939515e22adb298388d";

const ROOT = "pulumi:pulumi:Stack";

/**
 * Takes resources out of one stack's deployment and puts them into another's, as if they had been made there. What they
 * depended on in their old stack they depend on no more. (`pulumi state move` of CLI 3.220 refuses where both stacks have a
 * provider with other config, as our stacks have.) Pure.
 */
export function moveState(
  source: Deployment,
  dest: Deployment,
  { urns, from, to }: { readonly urns: ReadonlySet<string>; readonly from: string; readonly to: string },
): Attempt<{ readonly source: Deployment; readonly dest: Deployment }> {
  const { resources: all = [] } = source;
  const { resources: there = [] } = dest;
  const moving = all.filter(({ urn }) => urns.has(urn));
  if (JSON.stringify(moving).includes(SECRET_MARK))
    return refused(
      "stack-failed",
      "A cluster's schedule has a secret in it, which cannot be moved.",
      "Leave it there.",
    );
  const rename = (urn: string): string => renameStack(urn, from, to);
  const roots = moving.flatMap(({ parent }) => all.filter(({ urn }) => urn === parent));
  const providers = moving.flatMap(({ provider }) => all.filter(({ urn }) => provider?.startsWith(`${urn}::`)));
  const known = new Set(there.map(({ urn }) => urn));
  const added = [...new Set([...roots, ...providers])]
    .map((resource) => ({ ...resource, urn: rename(resource.urn) }))
    .filter(({ urn }) => !known.has(urn));
  const base = [...there, ...added];
  const moved = moving.map((resource) => adopt(resource, base, rename));
  return {
    ok: true,
    value: {
      source: { ...source, resources: all.filter(({ urn }) => !urns.has(urn)) },
      dest: { ...dest, resources: [...base, ...moved] },
    },
  };
}

function adopt(
  resource: StateResource,
  base: readonly StateResource[],
  rename: (urn: string) => string,
): StateResource {
  const { dependencies: _, propertyDependencies: __, provider, parent, ...rest } = resource;
  const hostUrn = rename((provider ?? "").split("::").slice(0, -1).join("::"));
  const host = base.find(({ urn }) => urn === hostUrn);
  return {
    ...rest,
    urn: rename(resource.urn),
    ...(parent !== undefined && { parent: rename(parent) }),
    ...(host !== undefined && { provider: `${host.urn}::${host.id ?? ""}` }),
  };
}

/** `urn:pulumi:<stack>::…`; the root of a stack also has the stack's name at its end. */
function renameStack(urn: string, from: string, to: string): string {
  const [, ...rest] = urn.split("::");
  const renamed = [`urn:pulumi:${to}`, ...rest].join("::");
  return rest.includes(ROOT) && renamed.endsWith(`-${from}`) ? `${renamed.slice(0, -from.length)}${to}` : renamed;
}

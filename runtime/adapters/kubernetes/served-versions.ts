import type { Clock, ResourceType } from "../../ports/index.js";
import type { Ask } from "./ask.js";
import type { Send } from "./send.js";

/** Which version of a type one server serves. */
export interface ServedVersions {
  /** The best of the type's versions that is served; null when none is. Throws `Failure` when the server cannot be asked. */
  versionOf(type: ResourceType): Promise<string | null>;
  /** The server has just answered that it does not know the type after all. Calling twice is safe. */
  forget(type: ResourceType): void;
}

/** Every supported server serves these for good, so nobody has to be asked. */
const BUILT_IN: ReadonlyMap<string, string> = new Map([
  ["", "v1"],
  ["admissionregistration.k8s.io", "v1"],
  ["apiextensions.k8s.io", "v1"],
  ["apiregistration.k8s.io", "v1"],
  ["apps", "v1"],
  ["autoscaling", "v2"],
  ["batch", "v1"],
  ["coordination.k8s.io", "v1"],
  ["discovery.k8s.io", "v1"],
  ["policy", "v1"],
  ["storage.k8s.io", "v1"],
]);

/** A CRD that somebody installs is noticed after this at the latest. */
const LOOK_AGAIN_AFTER_MS = 10_000;

/** Groups, versions and resources in one answer instead of one request per group; v2beta1 is what Kubernetes below 1.30 has. */
const AGGREGATED = ["v2", "v2beta1"]
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(",");

/** The part of an APIGroupDiscoveryList that says what is served. */
interface GroupList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources?: readonly { readonly resource: string }[];
    }[];
  }[];
}

/** Asks at the first need, at most once at a time, and again when a type that was not there is asked for later. */
export function createServedVersions(send: Send, ask: Ask, clock: Clock): ServedVersions {
  let served: Set<string> | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    const request = { method: "GET", path: "/apis", accept: AGGREGATED } as const;
    const groups = (await ask({ verb: "get", resource: "/apis" }, () => send(request))) as GroupList;
    served = new Set(keysOf(groups));
    lookedAt = clock.now();
  }

  const known = (type: ResourceType): string | null =>
    type.versions.find((version) => served?.has(key(type.group, version, type.plural))) ?? null;

  return {
    async versionOf(type) {
      const builtIn = BUILT_IN.get(type.group);
      if (builtIn !== undefined && type.versions.includes(builtIn)) return builtIn;
      const version = known(type);
      if (version !== null || clock.now() - lookedAt < LOOK_AGAIN_AFTER_MS) return version;
      await (looking ??= look().finally(() => (looking = undefined)));
      return known(type);
    },
    forget({ group, versions, plural }) {
      for (const version of versions) served?.delete(key(group, version, plural));
    },
  };
}

function keysOf({ items }: GroupList): readonly string[] {
  return items.flatMap(({ metadata, versions }) =>
    versions.flatMap(({ version, resources = [] }) =>
      resources.map(({ resource }) => key(metadata.name, version, resource)),
    ),
  );
}

function key(group: string, version: string, plural: string): string {
  return `${group}/${version}/${plural}`;
}

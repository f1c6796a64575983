import {
  type ApiObject,
  isFailure,
  type ListAnswer,
  type ListOptions,
  type NamespacedName,
  type Objects,
  type ResourceType,
} from "../../ports/index.js";
import { type Ask, orNull } from "./ask.js";
import { hasStatus } from "./fault.js";
import { listPages, type Page, PAGE_SIZE } from "./list-pages.js";
import { apiVersionOf, objectPath, resourceName } from "./object-path.js";
import type { Send } from "./send.js";
import type { ServedVersions } from "./served-versions.js";

/** A list as it comes over the wire. */
interface RawList {
  readonly items: readonly ApiObject[];
  readonly metadata?: { readonly continue?: string };
}

/** Listing and reading objects of any type. */
export function createObjectReads(send: Send, ask: Ask, served: ServedVersions): Pick<Objects, "list" | "read"> {
  async function list(type: ResourceType, options: ListOptions = {}): Promise<ListAnswer> {
    const version = await served.versionOf(type);
    if (version === null) return { kind: "not-served" };
    try {
      const items = await listPages((token) => readPage(type, version, options, token));
      return { kind: "listed", items: items.map(asObjectOf(type, version)).sort(byNamespaceAndName) };
    } catch (error) {
      if (isFailure(error) && error.code === "rbac-denied") return { kind: "forbidden", message: error.message };
      if (!hasStatus(error, 404)) throw error;
      served.forget(type);
      return { kind: "not-served" };
    }
  }

  async function readPage(
    type: ResourceType,
    version: string,
    { namespace, labelSelector, fieldSelector }: ListOptions,
    token: string | undefined,
  ): Promise<Page<ApiObject>> {
    const path = objectPath(type, version, { namespace });
    const query = { limit: PAGE_SIZE, continue: token, labelSelector, fieldSelector };
    const page = (await ask({ verb: "list", resource: resourceName(type) }, () =>
      send({ method: "GET", path, query }),
    )) as RawList;
    return { items: page.items, metadata: { _continue: page.metadata?.continue ?? "" } };
  }

  async function read(type: ResourceType, target: NamespacedName): Promise<ApiObject | null> {
    const version = await served.versionOf(type);
    if (version === null) return null;
    const path = objectPath(type, version, target);
    const request = ask({ verb: "get", resource: resourceName(type) }, () => send({ method: "GET", path }));
    return (await orNull(request)) as ApiObject | null;
  }

  return { list, read };
}

/** Items of a built-in type's list say neither their version nor their kind. */
function asObjectOf(type: ResourceType, version: string): (item: ApiObject) => ApiObject {
  const apiVersion = apiVersionOf(type, version);
  return (item) => ({ ...item, apiVersion, kind: type.kind });
}

function byNamespaceAndName({ metadata: a }: ApiObject, { metadata: b }: ApiObject): number {
  return compareText(a.namespace ?? "", b.namespace ?? "") || compareText(a.name, b.name);
}

/** By code unit: the same order whatever this computer's locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

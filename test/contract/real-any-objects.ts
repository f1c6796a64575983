import type { ApiObject, ResourceType } from "../../runtime/ports/index.js";
import type { KubernetesClients } from "../lab/index.js";
import type { FixtureObject, KubernetesFixture } from "./kubernetes-fixture.js";
import { sendRaw, sendRawOrThrow } from "./raw-request.js";

type Verbs = Pick<KubernetesFixture, "putObject" | "removeObject" | "newType" | "installType">;

const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
let typeCount = 0;

/** Objects and types of any kind for one test; `removeAll` takes away those that its namespace does not take with it. */
export function createAnyObjects(
  clients: KubernetesClients,
  namespace: string,
): { readonly verbs: Verbs; readonly removeAll: () => Promise<void> } {
  const installed = new Set<string>();

  async function putObject(type: ResourceType, draft: FixtureObject): Promise<ApiObject> {
    const at = collectionPath(type, namespace);
    const body = { apiVersion: apiVersionOf(type), kind: type.kind, ...draft };
    const { status } = await sendRaw(clients, "GET", `${at}/${draft.metadata.name}`);
    const [method, path] =
      status === 404 ? (["POST", at] as const) : (["PUT", `${at}/${draft.metadata.name}`] as const);
    return (await sendRawOrThrow(clients, method, path, body)) as ApiObject;
  }

  async function installType(type: ResourceType): Promise<void> {
    const name = `${type.plural}.${type.group}`;
    installed.add(name);
    await sendRawOrThrow(clients, "POST", CRDS, crdOf(name, type));
  }

  return {
    verbs: {
      putObject,
      removeObject: async (type, name) => {
        await sendRawOrThrow(clients, "DELETE", `${collectionPath(type, namespace)}/${name}`);
      },
      newType: () => {
        typeCount += 1;
        const plural = `widgets${typeCount}`;
        return { group: "lab.test", versions: ["v1"], plural, kind: `Widget${typeCount}`, isNamespaced: true };
      },
      installType,
    },
    removeAll: async () => {
      for (const name of installed) await sendRaw(clients, "DELETE", `${CRDS}/${name}`);
    },
  };
}

function apiVersionOf({ group, versions: [version = ""] }: ResourceType): string {
  return group === "" ? version : `${group}/${version}`;
}

function collectionPath(type: ResourceType, namespace: string): string {
  const root = type.group === "" ? "/api" : "/apis";
  return `${root}/${apiVersionOf(type)}/${type.isNamespaced ? `namespaces/${namespace}/` : ""}${type.plural}`;
}

function crdOf(name: string, { group, plural, kind }: ResourceType) {
  const openAPIV3Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural, kind, listKind: `${kind}List`, singular: kind.toLowerCase() },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}

import type { CoreV1Api, V1Pod } from "@kubernetes/client-node";
import type { Kubernetes, PodFacts, PodRef } from "../../ports/index.js";
import type { Ask } from "./ask.js";
import { listPages, PAGE_SIZE } from "./list-pages.js";
import { readPodFacts } from "./pod-facts.js";

/** Above this many nodes, one list of all bound pods (a request per 500 pods) costs less than a list per node. */
const MAX_LISTS_BY_NODE = 3;

/** Reading pods by node. */
export function createPodList(core: CoreV1Api, ask: Ask): Pick<Kubernetes, "listPods"> {
  async function listPods(nodeNames: readonly string[]): Promise<readonly PodFacts[]> {
    const wanted = new Set(nodeNames);
    const pods = wanted.size > MAX_LISTS_BY_NODE ? await listAll("spec.nodeName!=") : await listByNode([...wanted]);
    return pods
      .filter(({ spec }) => wanted.has(spec?.nodeName ?? ""))
      .map(readPodFacts)
      .sort(byNamespaceAndName);
  }

  function listAll(fieldSelector: string): Promise<readonly V1Pod[]> {
    return listPages((token) =>
      ask({ verb: "list", resource: "pods" }, () =>
        core.listPodForAllNamespaces({
          limit: PAGE_SIZE,
          ...(token && { _continue: token }),
          fieldSelector,
        }),
      ),
    );
  }

  async function listByNode(nodeNames: readonly string[]): Promise<readonly V1Pod[]> {
    return (await Promise.all(nodeNames.map((name) => listAll(`spec.nodeName=${name}`)))).flat();
  }

  return { listPods };
}

function byNamespaceAndName(a: PodRef, b: PodRef): number {
  return compareText(a.namespace, b.namespace) || compareText(a.name, b.name);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import { ApiextensionsV1Api, CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import { readFile } from "node:fs/promises";
import { parseAllDocuments } from "yaml";
import { packagePath } from "../package-path.js";
import { until } from "../until.js";

const CRDS = { group: "apiextensions.k8s.io", version: "v1", plural: "customresourcedefinitions" };

/** Installs the types of one file of this folder into a cluster and waits until they are served. For a fresh cluster. */
export async function installCrds(
  kubeconfigPath: string,
  file: `${"karpenter" | "keda" | "argo" | "flux"}.yaml`,
): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigPath);
  const text = await readFile(packagePath("test/lab/crds", file), "utf8");
  const definitions = parseAllDocuments(text).map((document) => document.toJS() as { metadata: { name: string } });
  // The typed client drops every `x-kubernetes-…` of a schema.
  const raw = config.makeApiClient(CustomObjectsApi);
  for (const body of definitions) await raw.createClusterCustomObject({ ...CRDS, body });
  const typed = config.makeApiClient(ApiextensionsV1Api);
  for (const { metadata } of definitions) {
    await until(async () => {
      const { status } = await typed.readCustomResourceDefinition({ name: metadata.name });
      return (status?.conditions ?? []).some((one) => one.type === "Established" && one.status === "True");
    });
  }
}

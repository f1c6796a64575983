import type { Webhook } from "./webhook.js";

/** A product whose webhooks Curfew knows (safe-cycle H18). */
export interface Product {
  readonly name: string;
}

interface KnownProduct extends Product {
  /** Start of the name of a configuration or of the Service behind it. */
  readonly names: readonly string[];
  /** Values of the usual name labels. */
  readonly labels: readonly string[];
}

const PRODUCTS: readonly KnownProduct[] = [
  {
    name: "Kyverno",
    names: ["kyverno"],
    labels: ["kyverno"],
  },
  {
    name: "Gatekeeper",
    names: ["gatekeeper"],
    labels: ["gatekeeper"],
  },
  {
    name: "Istio",
    names: ["istio", "istiod"],
    labels: ["istio", "istiod", "sidecar-injector"],
  },
  {
    name: "cert-manager",
    names: ["cert-manager"],
    labels: ["cert-manager", "webhook.cert-manager.io"],
  },
  {
    name: "AWS Load Balancer Controller",
    names: ["aws-load-balancer"],
    labels: ["aws-load-balancer-controller"],
  },
  { name: "KEDA", names: ["keda"], labels: ["keda", "keda-operator", "keda-admission-webhooks"] },
];

const NAME_LABELS = ["app.kubernetes.io/name", "app.kubernetes.io/part-of", "app.kubernetes.io/instance", "app"];

/** The product a webhook belongs to, by its configuration's name or labels or by its Service; null when none is known. */
export function productOf({
  configuration,
  clientConfig,
}: Pick<Webhook, "configuration" | "clientConfig">): Product | null {
  const { name, labels = {} } = configuration.metadata;
  const names = [name, clientConfig.service?.name ?? ""];
  const values = NAME_LABELS.map((key) => labels[key] ?? "");
  return (
    PRODUCTS.find(
      (product) =>
        names.some((one) => product.names.some((start) => isNamed(one, start))) ||
        values.some((value) => product.labels.includes(value)),
    ) ?? null
  );
}

/** The start of the name and a whole word of it: `keda-admission`, not `kedaphone`. */
function isNamed(name: string, start: string): boolean {
  return name === start || name.startsWith(`${start}-`) || name.startsWith(`${start}.`);
}

/** Configurations that EKS itself keeps in every cluster and serves from its own side (safe-cycle H12). */
const OF_EKS: ReadonlySet<string> = new Set([
  "pod-identity-webhook",
  "vpc-resource-mutating-webhook",
  "vpc-resource-validating-webhook",
  "0500-amazon-eks-fargate-mutation.amazonaws.com",
]);

/** Whether EKS manages the configuration: then nothing of it is ever changed. */
export function isManagedByEks({ configuration }: Pick<Webhook, "configuration">): boolean {
  return OF_EKS.has(configuration.metadata.name);
}

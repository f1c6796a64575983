import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type { KubernetesClients } from "../lab/index.js";
import { createCertificateAuthority } from "../lab/pki.js";
import { until } from "../lab/until.js";
import type { KubernetesFixture } from "./kubernetes-fixture.js";

type Guard = Parameters<KubernetesFixture["guardConfigMaps"]>[0];

/** Fail-closed webhooks before the creation of ConfigMaps in one namespace: one that says no, one that nobody answers. */
export function createGuards({ admission, core }: KubernetesClients, namespace: string) {
  const name = `guard-${namespace}`;
  let backend: Server | undefined;
  let isUp = false;

  async function put(guard: Guard): Promise<void> {
    const authority = await createCertificateAuthority("guards");
    const { certificatePem: cert, privateKeyPem: key } = await authority.issueServer("guard");
    backend = createServer({ cert, key }, deny).listen(0, "127.0.0.1");
    await once(backend, "listening");
    const { port } = backend.address() as AddressInfo;
    if (guard === "unreachable") backend.close();
    const caBundle = Buffer.from(authority.certificatePem).toString("base64");
    const clientConfig = { caBundle, url: `https://127.0.0.1:${port}/` };
    await admission.createValidatingWebhookConfiguration({ body: configuration(name, namespace, clientConfig) });
    isUp = true;
    await until(async () => (await tryOut()) !== "");
  }

  /** The server's refusal of a rehearsed creation. */
  const tryOut = (): Promise<string> =>
    core.createNamespacedConfigMap({ namespace, dryRun: "All", body: { metadata: { name: "canary" } } }).then(
      () => "",
      (error: unknown) => String(error),
    );

  return {
    put,
    removeAll: async () => {
      if (isUp) await admission.deleteValidatingWebhookConfiguration({ name });
      backend?.close();
      backend?.closeAllConnections();
    },
  };
}

/** Answers every review with no. */
const deny: Parameters<typeof createServer>[1] = (request, response) => {
  void json(request).then((review) => {
    const { uid } = (review as { readonly request: { readonly uid: string } }).request;
    const answer = { uid, allowed: false, status: { message: "not on my watch" } };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response: answer }));
  });
};

function configuration(
  name: string,
  namespace: string,
  clientConfig: { readonly caBundle: string; readonly url: string },
) {
  return {
    metadata: { name },
    webhooks: [
      {
        name: "creation.guard.lab.test",
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        failurePolicy: "Fail",
        timeoutSeconds: 2,
        clientConfig,
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
        rules: [{ apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"], operations: ["CREATE"] }],
      },
    ],
  };
}

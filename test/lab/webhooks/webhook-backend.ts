import { once } from "node:events";
import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { createCertificateAuthority } from "../pki.js";
import type { KubernetesCluster } from "../cluster/kubernetes-cluster.js";

/** What a backend does with a review. `fail`: HTTP 500. `hang`: no answer, ever. */
export type Behaviour = "allow" | "deny" | "fail" | "hang";

/** One request that the API server asked about. */
export interface Review {
  readonly operation: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * A real webhook server behind the pods of a Service. The pods are fake: what the API server dials at their addresses is
 * led here. Without ready pods it has nothing to dial, as in a cluster without nodes.
 */
export interface WebhookBackend {
  /** For `clientConfig`; base64. */
  readonly caBundle: string;
  /** The Service's target port: it tells this backend from others. */
  readonly targetPort: number;
  /** What was asked so far, in order. */
  readonly reviews: readonly Review[];
  behave(behaviour: Behaviour): void;
  /** The process dies though its pods stay Ready: connections are refused from now on, and open ones cut. */
  vanish(): void;
  comeBack(): void;
  close(): void;
}

let targetPorts = 9_000;

/** Starts a server for the Service and leads what the API server dials for its pods to it. */
export async function startWebhookBackend(
  { egress }: Pick<KubernetesCluster, "egress">,
  service: { readonly namespace: string; readonly name: string },
): Promise<WebhookBackend> {
  const authority = await createCertificateAuthority("webhooks");
  const { certificatePem: cert, privateKeyPem: key } = await authority.issueServer(service.name, [
    `${service.name}.${service.namespace}.svc`,
  ]);
  const reviews: Review[] = [];
  let behaviour: Behaviour = "allow";
  const server = createServer({ cert, key }, (request, response) => void answer(request, response, behaviour, reviews));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const targetPort = (targetPorts += 1);
  const address = new RegExp(`:${targetPort}$`);
  egress.route(address, { port });
  return {
    caBundle: Buffer.from(authority.certificatePem).toString("base64"),
    targetPort,
    reviews,
    behave: (next) => (behaviour = next),
    vanish: () => {
      egress.route(address, "refuse");
      // The API server would go on over a connection that it has.
      server.closeAllConnections();
    },
    comeBack: () => egress.route(address, { port }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface ReviewBody {
  readonly request: {
    readonly uid: string;
    readonly operation: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly resource: { readonly resource: string };
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  behaviour: Behaviour,
  reviews: Review[],
): Promise<void> {
  const { request: asked } = (await json(request)) as ReviewBody;
  const { uid, operation, namespace = "", name = "", resource } = asked;
  reviews.push({ operation, resource: resource.resource, namespace, name });
  if (behaviour === "hang") return;
  if (behaviour === "fail") {
    response.writeHead(500).end();
    return;
  }
  const status = behaviour === "deny" ? { status: { message: "not on my watch" } } : {};
  const verdict = { uid, allowed: behaviour === "allow", ...status };
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response: verdict }));
}

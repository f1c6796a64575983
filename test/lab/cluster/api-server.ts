import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Agent, fetch } from "undici";
import { createSigningKeys, type CertificateAuthority } from "../pki.js";
import { freePorts } from "../process/free-ports.js";
import type { LabProcess, ProcessGroup } from "../process/process-group.js";
import { untilReady } from "../process/until-ready.js";
import { auditArguments } from "./audit.js";
import { kubeconfigText } from "./kubeconfig.js";

export interface ApiServerOptions {
  readonly program: string;
  /** Name in logs and file names; also the prefix of its keys in etcd. */
  readonly name: string;
  readonly etcdUrl: string;
  readonly authority: CertificateAuthority;
  readonly egressSocket: string;
  /** URL that judges bearer tokens by TokenReview. */
  readonly tokenReviewUrl?: string | undefined;
  readonly countCalls?: boolean | undefined;
}

export interface ApiServer {
  readonly process: LabProcess;
  readonly endpoint: string;
  /** File with the private key that signs service account tokens. */
  readonly serviceAccountKeyPath: string;
}

/** Starts a kube-apiserver and waits until it says it is ready. */
export async function startApiServer(processes: ProcessGroup, options: ApiServerOptions): Promise<ApiServer> {
  const write = fileWriter(processes.folder, options.name);
  const [port] = await freePorts(1);
  const endpoint = `https://127.0.0.1:${String(port)}`;
  const serving = await options.authority.issueServer("kube-apiserver");
  const signing = await createSigningKeys();
  const serviceAccountKeyPath = await write("service-account.key", signing.privateKeyPem);
  const process = await processes.start({
    name: `${options.name}-apiserver`,
    program: options.program,
    args: [
      `--etcd-servers=${options.etcdUrl}`,
      `--etcd-prefix=/${options.name}`,
      `--secure-port=${String(port)}`,
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      "--endpoint-reconciler-type=none",
      "--service-cluster-ip-range=10.0.0.0/24",
      "--authorization-mode=RBAC",
      `--tls-cert-file=${await write("apiserver.crt", serving.certificatePem)}`,
      `--tls-private-key-file=${await write("apiserver.key", serving.privateKeyPem)}`,
      `--client-ca-file=${await write("ca.crt", options.authority.certificatePem)}`,
      "--service-account-issuer=https://lab",
      `--service-account-key-file=${await write("service-account.pub", signing.publicKeyPem)}`,
      `--service-account-signing-key-file=${serviceAccountKeyPath}`,
      "--allow-privileged=true",
      "--disable-admission-plugins=ServiceAccount",
      "--profiling=false",
      "--event-ttl=10m",
      ...(await stayAtHomeArguments(options, write)),
      ...(await tokenReviewArguments(options, write)),
      ...(options.countCalls ? await auditArguments(processes.folder, options.name) : []),
    ],
  });
  await untilReady(process, await readiness(endpoint, options.authority));
  return { process, endpoint, serviceAccountKeyPath };
}

type Write = (file: string, text: string) => Promise<string>;

const fileWriter =
  (folder: string, name: string): Write =>
  async (file, text) => {
    const path = join(folder, `${name}-${file}`);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };

/**
 * Nothing may leave the computer: a Service without endpoints is an error instead of a dial of its ClusterIP,
 * and what is still dialled goes through our proxy.
 */
async function stayAtHomeArguments(options: ApiServerOptions, write: Write): Promise<readonly string[]> {
  const selector = {
    apiVersion: "apiserver.k8s.io/v1beta1",
    kind: "EgressSelectorConfiguration",
    egressSelections: [
      {
        name: "cluster",
        connection: { proxyProtocol: "HTTPConnect", transport: { uds: { udsName: options.egressSocket } } },
      },
    ],
  };
  const path = await write("egress.json", JSON.stringify(selector));
  return ["--enable-aggregator-routing=true", `--egress-selector-config-file=${path}`];
}

async function tokenReviewArguments(options: ApiServerOptions, write: Write): Promise<readonly string[]> {
  if (!options.tokenReviewUrl) return [];
  const path = await write("token-review.json", kubeconfigText(options.tokenReviewUrl, undefined, undefined));
  return [
    `--authentication-token-webhook-config-file=${path}`,
    "--authentication-token-webhook-version=v1",
    "--authentication-token-webhook-cache-ttl=2s",
  ];
}

async function readiness(endpoint: string, authority: CertificateAuthority): Promise<() => Promise<boolean>> {
  const { certificatePem, privateKeyPem } = await authority.issueClient("lab-probe", ["system:masters"]);
  return async () => {
    const agent = new Agent({ connect: { ca: authority.certificatePem, cert: certificatePem, key: privateKeyPem } });
    try {
      const response = await fetch(`${endpoint}/readyz`, { dispatcher: agent });
      await response.text();
      return response.ok;
    } finally {
      await agent.close();
    }
  };
}

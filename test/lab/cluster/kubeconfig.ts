import type { KeyPair } from "../pki.js";

/** Who a kubeconfig speaks as: a client certificate, a bearer token, or nobody. */
export type KubeconfigUser = KeyPair | { readonly token: string } | undefined;

/** The text of a kubeconfig with one cluster and one user. It is JSON, which is YAML too. */
export function kubeconfigText(server: string, caPem: string | undefined, user: KubeconfigUser): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "lab",
    clusters: [{ name: "lab", cluster: { server, ...(caPem ? { "certificate-authority-data": base64(caPem) } : {}) } }],
    users: [{ name: "lab", user: credentials(user) }],
    contexts: [{ name: "lab", context: { cluster: "lab", user: "lab" } }],
  });
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

function credentials(user: KubeconfigUser): object {
  if (!user) return {};
  if ("token" in user) return user;
  return {
    "client-certificate-data": base64(user.certificatePem),
    "client-key-data": base64(user.privateKeyPem),
  };
}

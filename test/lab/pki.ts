import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const VALID_FOR_MS = 30 * 24 * 3_600_000;
/** Certificates begin in the past, so that a clock that steps back does no harm. */
const BACKDATED_MS = 3_600_000;

/** A certificate with its private key, both in PEM. */
export interface KeyPair {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export interface CertificateAuthority {
  readonly certificatePem: string;
  /** Issues a certificate for a client: `name` is its user, `groups` its Kubernetes groups. */
  issueClient(name: string, groups?: readonly string[]): Promise<KeyPair>;
  /** Issues a certificate for a server reached as localhost, 127.0.0.1 or one of `dnsNames`. */
  issueServer(name: string, dnsNames?: readonly string[]): Promise<KeyPair>;
}

/** Makes a certificate authority that lives in this process only. For loopback labs. */
export async function createCertificateAuthority(name: string): Promise<CertificateAuthority> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: subject(name, []),
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const issuer: Issuer = { certificate, signingKey: keys.privateKey };
  return {
    certificatePem: certificate.toString("pem"),
    issueClient: (user, groups = []) =>
      issue(issuer, subject(user, groups), [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])]),
    issueServer: (server, dnsNames = []) =>
      issue(issuer, subject(server, []), [
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([
          { type: "ip", value: "127.0.0.1" },
          ...["localhost", ...dnsNames].map((value) => ({ type: "dns", value }) as const),
        ]),
      ]),
  };
}

/** A fresh P-256 key pair, private key first, both in PEM: what signs and verifies service account tokens. */
export async function createSigningKeys(): Promise<{ readonly privateKeyPem: string; readonly publicKeyPem: string }> {
  const keys = await generateKeys();
  return {
    privateKeyPem: await exportPem(keys.privateKey, "pkcs8", "PRIVATE KEY"),
    publicKeyPem: await exportPem(keys.publicKey, "spki", "PUBLIC KEY"),
  };
}

interface Issuer {
  readonly certificate: x509.X509Certificate;
  readonly signingKey: webcrypto.CryptoKey;
}

const generateKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);

const subject = (name: string, groups: readonly string[]): x509.JsonName => [
  ...groups.map((group) => ({ O: [group] })),
  { CN: [name] },
];

const validity = (): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(Date.now() - BACKDATED_MS),
  notAfter: new Date(Date.now() + VALID_FOR_MS),
});

async function issue(issuer: Issuer, name: x509.JsonName, extensions: readonly x509.Extension[]): Promise<KeyPair> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: name,
    issuer: issuer.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: issuer.signingKey,
    signingAlgorithm: ALGORITHM,
    ...validity(),
    extensions: [
      ...extensions,
      new x509.BasicConstraintsExtension(false),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey),
    ],
  });
  return {
    certificatePem: certificate.toString("pem"),
    privateKeyPem: await exportPem(keys.privateKey, "pkcs8", "PRIVATE KEY"),
  };
}

async function exportPem(key: webcrypto.CryptoKey, format: "pkcs8" | "spki", label: string): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey(format, key), label);
}

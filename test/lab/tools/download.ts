import { createHash } from "node:crypto";
import { chmod, cp, mkdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { Agent, fetch } from "undici";
import { runCommand } from "./command.js";
import type { Download } from "./catalogue.js";

/** A computer without internet should fall through to the build at once. */
const CONNECT_TIMEOUT_MS = 3_000;

/** What became of a download: installed, or why not. */
export type DownloadOutcome = { readonly kind: "installed" } | { readonly kind: "unreachable"; readonly why: string };

/**
 * Fetches a vendor's release into `into/bin` and verifies it against the SHA-256 that the vendor publishes
 * over https beside the release. That proves an undamaged transfer from the vendor's site; it is no defence
 * against a vendor whose site was taken over, as a checksum kept here would be.
 * A site that cannot be reached is an outcome; a wrong checksum rejects.
 */
export async function download(source: Download, into: string): Promise<DownloadOutcome> {
  const agent = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } });
  try {
    const checksums = await get(source.checksumUrl, agent);
    if (checksums.kind === "unreachable") return checksums;
    const release = await get(source.url, agent);
    if (release.kind === "unreachable") return release;
    verify(source, release.bytes, checksums.bytes.toString("utf8"));
    await unpack(source, release.bytes, into);
    return { kind: "installed" };
  } finally {
    await agent.close();
  }
}

type Fetched = { readonly kind: "fetched"; readonly bytes: Buffer } | (DownloadOutcome & { kind: "unreachable" });

async function get(url: string, dispatcher: Agent): Promise<Fetched> {
  try {
    const response = await fetch(url, { dispatcher });
    if (!response.ok) return { kind: "unreachable", why: `${url} answered ${response.status}` };
    return { kind: "fetched", bytes: Buffer.from(await response.arrayBuffer()) };
  } catch (error) {
    const cause = (error as Error).cause ?? error;
    return { kind: "unreachable", why: `${new URL(url).hostname}: ${(cause as Error).message}` };
  }
}

function verify(source: Download, bytes: Buffer, checksums: string): void {
  const wanted = expectedChecksum(checksums, basename(source.url));
  const actual = createHash("sha256").update(bytes).digest("hex");
  if (wanted !== actual) throw new Error(`${source.url}: SHA-256 is ${actual}, expected ${wanted ?? "none given"}`);
}

/** The SHA-256 for `file` in a vendor's checksum file, which may be a bare digest or lines of `digest  file`. */
export function expectedChecksum(checksums: string, file: string): string | undefined {
  const lines = checksums.trim().split("\n");
  const line = lines.length === 1 ? lines[0] : lines.find((each) => each.trim().endsWith(` ${file}`));
  return line?.match(/^[0-9a-f]{64}\b/)?.[0];
}

async function unpack(source: Download, bytes: Buffer, into: string): Promise<void> {
  const bin = join(into, "bin");
  if (!source.archived) {
    await mkdir(bin, { recursive: true });
    const program = join(bin, basename(source.url));
    await writeFile(program, bytes);
    await chmod(program, 0o755);
    return;
  }
  const archive = join(into, basename(source.url));
  await writeFile(archive, bytes);
  await runCommand("tar", ["-xf", archive, "-C", into]);
  await cp(join(into, source.archived.folder), bin, { recursive: true });
  await rm(join(into, source.archived.folder), { recursive: true });
  await rm(archive);
}

import { join } from "node:path";
import { fetch } from "undici";
import { freePorts } from "../process/free-ports.js";
import type { ProcessGroup } from "../process/process-group.js";
import { untilReady } from "../process/until-ready.js";

/** Starts one etcd for all clusters of a lab (each has its own key prefix) and gives its URL. */
export async function startEtcd(processes: ProcessGroup, program: string): Promise<string> {
  const [clientPort, peerPort] = await freePorts(2);
  const url = `http://127.0.0.1:${String(clientPort)}`;
  const peerUrl = `http://127.0.0.1:${String(peerPort)}`;
  const etcd = await processes.start({
    name: "etcd",
    program,
    args: [
      `--data-dir=${join(processes.folder, "etcd")}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
      "--unsafe-no-fsync",
      "--quota-backend-bytes=2147483648",
      "--auto-compaction-mode=periodic",
      "--auto-compaction-retention=5m",
      "--log-level=warn",
    ],
  });
  await untilReady(etcd, async () => {
    const health = (await (await fetch(`${url}/health`)).json()) as { readonly health?: string };
    return health.health === "true";
  });
  return url;
}

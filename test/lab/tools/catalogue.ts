/** The programs that the lab runs, each at the one version it was proven with. */
export type ToolName =
  | "etcd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kubectl"
  | "kwok"
  | "pulumi"
  | "ministack";

/** A program compiled from Go modules: the wrapper module under `modules/` pins every dependency by checksum. */
export interface GoBuild {
  readonly module: string;
  readonly package: string;
  /** Name of the file that comes out. */
  readonly output: string;
  readonly tags?: readonly string[];
  /** Values for `-ldflags -X`, without which a program does not know its own version. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Minutes on two cores, for the progress line. */
  readonly minutes: number;
}

/** A vendor's own release. Verified against the checksum file that the vendor publishes beside it. */
export interface Download {
  readonly url: string;
  /** A file that holds the SHA-256 of `url`: alone, or on the line that ends with the file's name. */
  readonly checksumUrl: string;
  /** Path of the program inside the archive; absent when `url` is the program itself. */
  readonly archived?: { readonly folder: string };
}

export interface Tool {
  readonly name: ToolName;
  readonly version: string;
  /** Environment variable that overrides everything else with a path. */
  readonly variable: string;
  /** The program's path below its folder in the cache. */
  readonly program: string;
  /** How to ask the program for its version; absent when it is never taken from PATH. */
  readonly versionArguments?: readonly string[];
  readonly download?: (platform: Platform) => Download | undefined;
  readonly builds: readonly GoBuild[];
}

export interface Platform {
  readonly os: string;
  /** Go's names: amd64, arm64. */
  readonly arch: string;
}

const KUBERNETES = "1.36.3";
const ETCD = "3.6.10";
const KWOK = "0.8.0";
const PULUMI = "3.220.0";
/** Pinned because our hooks replace functions inside it. */
export const MINISTACK = "1.5.33";

const COMPONENT_BASE = "k8s.io/component-base/version";

const kubernetes = (name: ToolName, versionArguments: readonly string[], minutes: number): Tool => ({
  name,
  version: KUBERNETES,
  variable: `CURFEW_LAB_${name.toUpperCase().replaceAll("-", "_")}`,
  program: `bin/${name}`,
  versionArguments,
  // Kubernetes publishes its servers for Linux only, kubectl for every system.
  download: ({ os, arch }) => {
    if (os !== "linux" && name !== "kubectl") return undefined;
    const url = `https://dl.k8s.io/release/v${KUBERNETES}/bin/${os}/${arch}/${name}`;
    return { url, checksumUrl: `${url}.sha256` };
  },
  builds: [
    {
      module: "kubernetes",
      package: `k8s.io/kubernetes/cmd/${name}`,
      output: name,
      minutes,
      variables: {
        [`${COMPONENT_BASE}.gitVersion`]: `v${KUBERNETES}`,
        [`${COMPONENT_BASE}.gitMajor`]: "1",
        [`${COMPONENT_BASE}.gitMinor`]: "36",
        [`${COMPONENT_BASE}.gitTreeState`]: "clean",
        [`${COMPONENT_BASE}.gitCommit`]: "built-from-go-modules",
      },
    },
  ],
});

/** Every tool by name: where it may come from and how to recognise it. */
export const CATALOGUE: Readonly<Record<ToolName, Tool>> = {
  etcd: {
    name: "etcd",
    version: ETCD,
    variable: "CURFEW_LAB_ETCD",
    program: "bin/etcd",
    versionArguments: ["--version"],
    download: ({ os, arch }) => {
      if (os !== "linux") return undefined;
      const release = `https://github.com/etcd-io/etcd/releases/download/v${ETCD}`;
      const folder = `etcd-v${ETCD}-${os}-${arch}`;
      return { url: `${release}/${folder}.tar.gz`, checksumUrl: `${release}/SHA256SUMS`, archived: { folder } };
    },
    builds: [{ module: "etcd", package: "go.etcd.io/etcd/server/v3", output: "etcd", minutes: 1 }],
  },
  "kube-apiserver": kubernetes("kube-apiserver", ["--version"], 3),
  "kube-controller-manager": kubernetes("kube-controller-manager", ["--version"], 1),
  "kube-scheduler": kubernetes("kube-scheduler", ["--version"], 1),
  kubectl: kubernetes("kubectl", ["version", "--client"], 1),
  // kwok publishes no checksum file that we could check against, so it is always built.
  kwok: {
    name: "kwok",
    version: KWOK,
    variable: "CURFEW_LAB_KWOK",
    program: "bin/kwok",
    versionArguments: ["--version"],
    builds: [{ module: "kwok", package: "sigs.k8s.io/kwok/cmd/kwok", output: "kwok", minutes: 1 }],
  },
  // 3.220 is the last CLI that runs policy packs without asking the language host, and the newest
  // language host among the Go modules (3.66) cannot answer that question.
  pulumi: {
    name: "pulumi",
    version: PULUMI,
    variable: "CURFEW_LAB_PULUMI",
    program: "bin/pulumi",
    versionArguments: ["version"],
    download: ({ os, arch }) => {
      const release = `https://github.com/pulumi/pulumi/releases/download/v${PULUMI}`;
      const url = `${release}/pulumi-v${PULUMI}-${os}-${arch === "amd64" ? "x64" : arch}.tar.gz`;
      return { url, checksumUrl: `${release}/pulumi-${PULUMI}-checksums.txt`, archived: { folder: "pulumi" } };
    },
    builds: [
      {
        module: "pulumi",
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        output: "pulumi",
        tags: ["osusergo", "grpcnotrace"],
        minutes: 4,
        // The Automation API refuses a CLI with an empty version.
        variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": PULUMI },
      },
      {
        module: "pulumi-language-nodejs",
        package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
        output: "pulumi-language-nodejs",
        minutes: 1,
      },
    ],
  },
  ministack: {
    name: "ministack",
    version: MINISTACK,
    variable: "CURFEW_LAB_MINISTACK",
    program: "bin/python",
    builds: [],
  },
};

// Where a cluster's sandboxes are made and how: ASSAY_ENGINE=kubernetes and its variables (docs/kubernetes.md). Which
// cluster it is says KUBECONFIG, or inside of one the worker's own service account.
import { z } from "zod";

const MiB = 1024 ** 2;
const name = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/, "use a name of Kubernetes's");
const label = z.string().regex(/^[\w./-]{1,100}=[\w.-]{0,63}$/, "write it as key=value");

const environment = z.object({
  /** Sandboxes have a namespace of their own, closed by deploy/kubernetes/sandboxes.yaml. */
  ASSAY_KUBERNETES_NAMESPACE: name.default("assay-sandboxes"),
  /** What stands before an image's name, as registry.example.edu/course; none for images that nodes have already. */
  ASSAY_KUBERNETES_IMAGES: z
    .string()
    .regex(/^[\w.:/-]*$/, "write it as registry.example.edu/folder")
    .default("")
    .transform((prefix) => prefix.replace(/\/+$/, "")),
  ASSAY_KUBERNETES_PULL_SECRET: name.optional(),
  /** A RuntimeClass such as gvisor's or Kata's. */
  ASSAY_RUNTIME: name.optional(),
  /** Our profile (sandbox/seccomp.json) as nodes have it, below the kubelet's seccomp folder; else the runtime's own. */
  ASSAY_KUBERNETES_SECCOMP: z.string().min(1).max(200).optional(),
  /** `on` where every node can: root in a sandbox is then nobody on its node. */
  ASSAY_KUBERNETES_USER_NAMESPACES: z.enum(["on", "off"]).default("off"),
  /** Labels of the nodes that sandboxes may use, by commas. */
  ASSAY_KUBERNETES_NODES: z
    .string()
    .default("")
    .transform((text) => text.split(",").filter(Boolean))
    .pipe(z.array(label)),
  /** `accepted`: grade although sandboxes reach a network. Only for a cluster with nothing in it. */
  ASSAY_KUBERNETES_OPEN_NETWORK: z.literal("accepted").optional(),
  /** What waiting sandboxes may request from the cluster. */
  ASSAY_KUBERNETES_WAITING_MIB: z.coerce.number().int().min(1).default(8192),
});

export interface ClusterSettings {
  namespace: string;
  imagePrefix: string;
  pullSecret: string | null;
  runtimeClass: string | null;
  seccompProfile: string | null;
  userNamespaces: boolean;
  nodes: Record<string, string>;
  openNetworkAccepted: boolean;
  waitingBytes: number;
}

export const usesCluster = (env: NodeJS.ProcessEnv = process.env): boolean => {
  const engine = env.ASSAY_ENGINE || "docker";
  if (engine !== "docker" && engine !== "kubernetes")
    throw new Error(`ASSAY_ENGINE: "${engine}" is neither docker nor kubernetes`);
  return engine === "kubernetes";
};

/** @throws Error that names each variable that cannot be used */
export function clusterSettings(env: Record<string, string | undefined> = process.env): ClusterSettings {
  const said = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const read = environment.safeParse(said);
  if (!read.success)
    throw new Error(read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n"));
  const { data } = read;
  return {
    namespace: data.ASSAY_KUBERNETES_NAMESPACE,
    imagePrefix: data.ASSAY_KUBERNETES_IMAGES,
    pullSecret: data.ASSAY_KUBERNETES_PULL_SECRET ?? null,
    runtimeClass: data.ASSAY_RUNTIME ?? null,
    seccompProfile: data.ASSAY_KUBERNETES_SECCOMP ?? null,
    userNamespaces: data.ASSAY_KUBERNETES_USER_NAMESPACES === "on",
    nodes: Object.fromEntries(data.ASSAY_KUBERNETES_NODES.map((pair) => pair.split("=") as [string, string])),
    openNetworkAccepted: data.ASSAY_KUBERNETES_OPEN_NETWORK === "accepted",
    waitingBytes: data.ASSAY_KUBERNETES_WAITING_MIB * MiB,
  };
}

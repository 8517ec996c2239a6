// How a pair's Pod is made: the one place that says what a sandbox may do in a cluster, as container.ts says it for
// the Docker engine. Containers of one Pod share its network and its System V objects: the harness opens neither, and
// each has shared memory, files and processes of its own. What cannot be said here is in docs/kubernetes.md.
import type {
  V1Container,
  V1Pod,
  V1PodSecurityContext,
  V1PodSpec,
  V1SecurityContext,
  V1Volume,
} from "@kubernetes/client-node";
import { CEILING, type ContainerLimits, freshUid, SHM_BYTES } from "../container.ts";
import type { ImageKind } from "../image-recipe.ts";
import type { ClusterSettings } from "./settings.ts";

const MiB = 1024 ** 2;
/** Removed by the cluster itself when every worker is gone; a waiting Pod is older only in an idle installation. */
const LONGEST_WAIT_SECONDS = 6 * 3600;
/** Sockets: nothing else is ever written there. */
const BANK_BYTES = 1 * MiB;
/** What the node keeps of a container's output. */
const LOG_BYTES = 256 * MiB;
/** In a folder that nobody but root may enter: else it would be a writable place that no test empties. */
const TERMINATION_LOG = "/root/termination-log";
/** Inside a user namespace numbers end at 65535, and each Pod has its own range on the node. */
const SMALL_UID: Record<ImageKind, number> = { student: 10_001, harness: 10_002 };

const GPU = "nvidia.com/gpu";

export interface PodPlan {
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  images: Record<ImageKind, string>;
  commands: Record<ImageKind, string[]>;
  limits: ContainerLimits;
  /** Of the student's container. */
  gpus?: number;
  /** Of the harness's environment, from us alone. */
  env?: string[];
}

/** A harness and its one student sandbox. */
export function pairPod(settings: ClusterSettings, plan: PodPlan): V1Pod {
  const kinds: ImageKind[] = ["harness", "student"];
  return sandboxPod(settings, plan, {
    containers: kinds.map((kind) => containerOf(settings, plan, kind)),
    volumes: [memory("bank", BANK_BYTES), ...kinds.flatMap((kind) => places(kind, plan.limits))],
  });
}

type Meta = Pick<PodPlan, "name" | "labels" | "annotations">;

/** A Pod of ours in the sandboxes' namespace: without token, name service, neighbours or a second life. */
export function sandboxPod(
  settings: ClusterSettings,
  { name, labels, annotations }: Meta,
  parts: Pick<V1PodSpec, "containers" | "volumes">,
): V1Pod {
  const { namespace, runtimeClass, pullSecret, nodes, userNamespaces } = settings;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels, annotations },
    spec: {
      ...parts,
      restartPolicy: "Never",
      activeDeadlineSeconds: LONGEST_WAIT_SECONDS + CEILING.wallSeconds,
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      hostNetwork: false,
      hostPID: false,
      hostIPC: false,
      shareProcessNamespace: false,
      hostname: "sandbox",
      // No name is looked up: a name server would be one way out more.
      dnsPolicy: "None",
      dnsConfig: { nameservers: ["127.0.0.1"] },
      securityContext: podSecurity(settings),
      ...(userNamespaces ? { hostUsers: false } : {}),
      ...(runtimeClass ? { runtimeClassName: runtimeClass } : {}),
      ...(pullSecret ? { imagePullSecrets: [{ name: pullSecret }] } : {}),
      ...(Object.keys(nodes).length > 0 ? { nodeSelector: nodes } : {}),
    },
  };
}

function podSecurity({ seccompProfile }: ClusterSettings): V1PodSecurityContext {
  return {
    runAsNonRoot: true,
    seccompProfile: seccompProfile
      ? { type: "Localhost", localhostProfile: seccompProfile }
      : { type: "RuntimeDefault" },
  };
}

export function containerSecurity(uid: number): V1SecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: uid,
    allowPrivilegeEscalation: false,
    privileged: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  };
}

export const uidFor = ({ userNamespaces }: ClusterSettings, kind: ImageKind): number =>
  userNamespaces ? SMALL_UID[kind] : freshUid(kind);

/** @param image as sandbox images are named here: assay/student-python-ml:… */
export const imageIn = ({ imagePrefix }: ClusterSettings, image: string): string =>
  imagePrefix ? `${imagePrefix}/${image}` : image;

function containerOf(settings: ClusterSettings, plan: PodPlan, kind: ImageKind): V1Container {
  const gpus = kind === "student" ? (plan.gpus ?? 0) : 0;
  const env = kind === "harness" ? (plan.env ?? []) : [];
  const bank = { name: "bank", mountPath: kind === "harness" ? "/bank/0" : "/run/assay" };
  return {
    name: kind,
    image: imageIn(settings, plan.images[kind]),
    imagePullPolicy: "IfNotPresent",
    command: afterWord(plan.commands[kind]),
    workingDir: "/",
    env: ["HOME=/tmp", "LANG=C.UTF-8", ...env].map(variable),
    stdin: true,
    // When the worker dies, stdin closes and the runner and the harness end by themselves.
    stdinOnce: true,
    tty: false,
    terminationMessagePath: TERMINATION_LOG,
    terminationMessagePolicy: "File",
    resources: resourcesOf(plan.limits, gpus),
    securityContext: containerSecurity(uidFor(settings, kind)),
    volumeMounts: [
      { ...bank, readOnly: kind === "student" },
      { name: `${kind}-tmp`, mountPath: "/tmp" },
      // Else it would be the Pod's: shared by both.
      { name: `${kind}-shm`, mountPath: "/dev/shm" },
    ],
  };
}

/**
 * The command behind one line on stdin. A container of a Pod runs before anyone can attach, and what it says to nobody
 * is lost: so it says nothing until the worker has said a word. After `exec` the command is process 1.
 */
const afterWord = (command: string[]) => ["sh", "-c", 'read -r _ && exec "$0" "$@"', ...command];
export const WORD = Buffer.from("go\n");

/** Requests equal to limits: nothing is promised twice, and nobody is removed before those who take too much. */
export function resourcesOf({ cpus, memoryBytes }: ContainerLimits, gpus = 0) {
  const amounts = {
    cpu: `${Math.round(Math.min(cpus, CEILING.cpus) * 1000)}m`,
    memory: String(Math.min(memoryBytes, CEILING.memoryBytes)),
    "ephemeral-storage": String(LOG_BYTES),
    ...(gpus > 0 ? { [GPU]: String(gpus) } : {}),
  };
  return { requests: amounts, limits: { ...amounts } };
}

function places(kind: ImageKind, { memoryBytes }: ContainerLimits): V1Volume[] {
  const bytes = Math.min(memoryBytes, CEILING.memoryBytes);
  return [memory(`${kind}-tmp`, bytes), memory(`${kind}-shm`, Math.min(SHM_BYTES, bytes))];
}

/** Its pages count against the memory limit of whoever writes them. */
const memory = (name: string, bytes: number): V1Volume => ({
  name,
  emptyDir: { medium: "Memory", sizeLimit: String(bytes) },
});

function variable(pair: string) {
  const at = pair.indexOf("=");
  return { name: pair.slice(0, at), value: pair.slice(at + 1) };
}

// How a sandbox's container is made: the one place that says what a sandbox may do. Nothing of it comes from a
// row or a file of a suite but numbers, and those stand under the installation's own ceiling.
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import type { ContainerCreateOptions, HostConfig } from "dockerode";
import type { ImageKind } from "./image-recipe.ts";

const MiB = 1024 ** 2;
const SECCOMP = JSON.stringify(
  JSON.parse(readFileSync(new URL("../../sandbox/seccomp.json", import.meta.url), "utf8")),
);

/** Far above the accounts of any host, and two ranges: student and harness never have the same user. */
const FIRST_UID: Record<ImageKind, number> = { student: 1_100_000_000, harness: 1_200_000_000 };
const UIDS = 2 ** 26;

/**
 * A user of its own for each sandbox. The kernel counts some things per user over all containers (descriptors in
 * flight, pending signals, pages in pipes): with one user for all, a submission that holds 1024 descriptors in
 * flight makes every other submission's tests fail.
 */
export const freshUid = (kind: ImageKind): number => FIRST_UID[kind] + randomInt(UIDS);

/** What a suite may ask for at most; a worker with more to give raises it by `ASSAY_LIMIT_*`. */
export const CEILING = {
  cpus: Number(process.env.ASSAY_LIMIT_CPUS ?? 8),
  memoryBytes: Number(process.env.ASSAY_LIMIT_MEMORY ?? 16 * 1024 * MiB),
  pids: Number(process.env.ASSAY_LIMIT_PIDS ?? 1024),
  wallSeconds: Number(process.env.ASSAY_LIMIT_WALL_SECONDS ?? 3600),
} as const;

/** gVisor counts its own threads, so fewer than this would stop a sandbox before any student's thread. */
const PIDS_FLOOR = 64;
const TMP_INODES = 65_536;
export const SHM_BYTES = 64 * MiB;
const SHM_INODES = 1024;
const OPEN_FILES = 1024;
/** Removed before anything of the host's when memory is short. */
const OOM_SCORE = 900;

export interface ContainerLimits {
  cpus: number;
  memoryBytes: number;
  pids: number;
}

export interface ContainerPlan {
  kind: ImageKind;
  /** From `freshUid`; of a harness, also its volumes' owner. */
  uid: number;
  /** The image's id, not a tag: what was looked up is what runs. */
  image: string;
  command: string[];
  limits: ContainerLimits;
  /** Volume name → place inside. Read-only in the student's sandbox, whatever is asked. */
  volumes: { name: string; at: string }[];
  labels: Record<string, string>;
  /** Ids of the devices that it gets, and no other; none by default. Never of a harness. */
  devices?: string[];
  /** More of the environment, from us alone. */
  env?: string[];
  /** cgroup v1 knows swappiness, v2 does not. */
  cgroupVersion: string;
  runtime?: string;
}

export const MOUNT_OPTIONS = "nosuid,nodev,noexec";

export function containerOptions(plan: ContainerPlan): ContainerCreateOptions {
  const { uid } = plan;
  return {
    Image: plan.image,
    Cmd: plan.command,
    Entrypoint: [],
    User: `${uid}:${uid}`,
    WorkingDir: "/",
    Hostname: "sandbox",
    Domainname: "",
    Env: ["HOME=/tmp", "LANG=C.UTF-8", ...(plan.env ?? [])],
    Labels: plan.labels,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    // When the worker dies, stdin closes and the runner and the harness end by themselves.
    StdinOnce: true,
    Tty: false,
    NetworkDisabled: true,
    StopTimeout: 0,
    HostConfig: hostConfig(plan),
  };
}

function hostConfig(plan: ContainerPlan): HostConfig {
  const { kind, limits, volumes, devices = [], cgroupVersion, runtime } = plan;
  const memory = Math.min(limits.memoryBytes, CEILING.memoryBytes);
  const shm = Math.min(SHM_BYTES, memory);
  return {
    NetworkMode: "none",
    IpcMode: "private",
    UTSMode: "",
    CapDrop: ["ALL"],
    Privileged: false,
    SecurityOpt: ["no-new-privileges", `seccomp=${SECCOMP}`],
    ReadonlyRootfs: true,
    Tmpfs: {
      "/tmp": `rw,${MOUNT_OPTIONS},mode=1777,size=${memory},nr_inodes=${TMP_INODES}`,
      "/dev/shm": `rw,${MOUNT_OPTIONS},mode=1777,size=${shm},nr_inodes=${SHM_INODES}`,
    },
    ShmSize: shm,
    Mounts: volumes.map(({ name, at }) => ({
      Type: "volume" as const,
      Source: name,
      Target: at,
      ReadOnly: kind === "student",
      VolumeOptions: { NoCopy: true, Labels: {}, DriverConfig: { Name: "local", Options: {} } },
    })),
    // No System V and no POSIX objects: they would outlive a test, and nothing needs them.
    Sysctls: {
      "kernel.shmmni": "0",
      "kernel.msgmni": "0",
      "kernel.sem": "0 0 0 0",
      "fs.mqueue.queues_max": "0",
    },
    PidsLimit: Math.max(PIDS_FLOOR, Math.min(limits.pids, CEILING.pids)),
    Memory: memory,
    MemorySwap: memory,
    ...(cgroupVersion === "1" ? { MemorySwappiness: 0 } : {}),
    NanoCpus: Math.round(Math.min(limits.cpus, CEILING.cpus) * 1e9),
    Ulimits: [
      { Name: "core", Soft: 0, Hard: 0 },
      { Name: "nofile", Soft: OPEN_FILES, Hard: OPEN_FILES },
      // No nproc: the kernel counts it per user over all containers. PidsLimit is the one that holds.
    ],
    OomScoreAdj: OOM_SCORE,
    OomKillDisable: false,
    LogConfig: { Type: "none", Config: {} },
    RestartPolicy: { Name: "no" },
    AutoRemove: false,
    Init: false,
    ...(devices.length > 0 ? { DeviceRequests: [deviceRequest(devices)] } : {}),
    ...(runtime ? { Runtime: runtime } : {}),
  };
}

/** By id, so that the driver's library shows these and no others; computing only, no displays. */
const deviceRequest = (ids: string[]) => ({
  Driver: "",
  Count: 0,
  DeviceIDs: ids,
  Capabilities: [["gpu", "compute", "utility"]],
  Options: {},
});

/** Mount options of a socket volume: its owner is the harness, others may only pass through to the socket. */
export const socketVolumeOptions = (uid: number) =>
  `size=64k,nr_inodes=8,uid=${uid},gid=${uid},mode=0711,${MOUNT_OPTIONS}`;

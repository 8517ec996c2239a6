// How the one container of a Gradescope autograder is made. It is a weaker wall than a pair's, by that contract: the
// scripts run as root beside the submission, in a file system that they may write. What keeps the host apart stays:
// no network unless the version asks, few capabilities, our system calls, limits on everything that can be counted.
import { readFileSync } from "node:fs";
import type { ContainerCreateOptions } from "dockerode";
import { CEILING, type ContainerLimits } from "./container.ts";

export const AUTOGRADER = "/autograder";
const MiB = 1024 ** 2;

/** What setup scripts and `run_autograder` use: to own files, to drop to another user, to end its processes. */
const CAPABILITIES = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "SETGID",
  "SETUID",
  "SETPCAP",
  "SETFCAP",
  "SYS_CHROOT",
  "NET_BIND_SERVICE",
];
/** Named pipes and chroot, which scripts use and a student's sandbox has no need of. */
const MORE_CALLS = ["mknod", "mknodat", "chroot"];

const AF_NETLINK = 16;
const NETLINK_ROUTE = 0;
const equal = (index: number, value: number) => ({ index, value, op: "SCMP_CMP_EQ" });
/** Asking which interfaces there are: without it every Jupyter kernel ends, and so Otter and nbgrader. */
const INTERFACES = {
  names: ["socket"],
  action: "SCMP_ACT_ALLOW",
  args: [equal(0, AF_NETLINK), equal(2, NETLINK_ROUTE)],
};

interface Profile {
  syscalls: { names: string[]; action: string; args?: object[] }[];
}
const SECCOMP = (() => {
  const file = new URL("../../sandbox/seccomp.json", import.meta.url);
  const profile = JSON.parse(readFileSync(file, "utf8")) as Profile;
  profile.syscalls.push({ names: MORE_CALLS, action: "SCMP_ACT_ALLOW" }, INTERFACES);
  return JSON.stringify(profile);
})();

export interface AutograderContainer {
  image: string;
  command: string[];
  env: string[];
  limits: ContainerLimits;
  /** Name of an engine's network, or `none`. */
  network: string;
  labels: Record<string, string>;
  /** Where results go: a volume of its own, so that nobody opens a path that a submission could have made. */
  results?: string;
  cgroupVersion: string;
  /** As for every sandbox: another runtime of the engine. */
  runtime?: string;
}

export function autograderOptions(plan: AutograderContainer): ContainerCreateOptions {
  const memory = Math.min(plan.limits.memoryBytes, CEILING.memoryBytes);
  return {
    Image: plan.image,
    Cmd: plan.command,
    Entrypoint: [],
    User: "0:0",
    WorkingDir: AUTOGRADER,
    Hostname: "autograder",
    Env: [
      "HOME=/root",
      "LANG=C.UTF-8",
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      ...plan.env,
    ],
    Labels: plan.labels,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    HostConfig: {
      // "none" is a network of its own that holds nothing but localhost: scripts start servers there for themselves.
      NetworkMode: plan.network,
      IpcMode: "private",
      CapDrop: ["ALL"],
      CapAdd: CAPABILITIES,
      Privileged: false,
      SecurityOpt: [`seccomp=${SECCOMP}`],
      ShmSize: Math.min(64 * MiB, memory),
      Mounts: plan.results
        ? [{ Type: "volume", Source: plan.results, Target: `${AUTOGRADER}/results`, ReadOnly: false }]
        : [],
      PidsLimit: Math.min(plan.limits.pids, CEILING.pids),
      Memory: memory,
      MemorySwap: memory,
      ...(plan.cgroupVersion === "1" ? { MemorySwappiness: 0 } : {}),
      NanoCpus: Math.round(Math.min(plan.limits.cpus, CEILING.cpus) * 1e9),
      Ulimits: [{ Name: "core", Soft: 0, Hard: 0 }],
      OomScoreAdj: 900,
      LogConfig: { Type: "none", Config: {} },
      RestartPolicy: { Name: "no" },
      // Scripts leave children behind; without an init nobody would take their ends.
      Init: false,
      ...(plan.runtime ? { Runtime: plan.runtime } : {}),
    },
  };
}

import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { Pod } from "kubernetes-models/v1/Pod";
import { describe, expect, test } from "vitest";
import { type PodPlan, pairPod } from "./pod.ts";
import { type ClusterSettings, clusterSettings, usesCluster } from "./settings.ts";

const GiB = 1024 ** 3;
const plan: PodPlan = {
  name: "assay-0a1b2c3d-77",
  labels: { "assay.owner": "0a1b2c3d", "assay.kind": "pair" },
  annotations: { "assay.worker": "host/boot/pid:[1]/7/1" },
  images: { student: "assay/student-python-ml:1", harness: "assay/harness-python-ml:2" },
  commands: { student: ["python3", "runner"], harness: ["python3", "harness"] },
  limits: { cpus: 1.5, memoryBytes: GiB, pids: 64 },
};
const made = (env: Record<string, string> = {}, changes: Partial<PodPlan> = {}) =>
  pairPod(clusterSettings(env), { ...plan, ...changes });
const containers = (pod: V1Pod) =>
  Object.fromEntries(pod.spec!.containers.map((one) => [one.name, one])) as Record<
    "student" | "harness",
    V1Container
  >;

/** As Kubernetes's own OpenAPI document has it. @throws naming the field */
const validated = (pod: V1Pod) => new Pod(pod as never).validate();

test.each<[string, Record<string, string>, Partial<PodPlan>]>([
  ["plain", {}, {}],
  ["with another runtime", { ASSAY_RUNTIME: "gvisor" }, {}],
  ["with our profile of system calls", { ASSAY_KUBERNETES_SECCOMP: "profiles/assay.json" }, {}],
  ["in a user namespace", { ASSAY_KUBERNETES_USER_NAMESPACES: "on" }, {}],
  [
    "from a private registry",
    { ASSAY_KUBERNETES_IMAGES: "r.example/x", ASSAY_KUBERNETES_PULL_SECRET: "k" },
    {},
  ],
  ["on chosen nodes", { ASSAY_KUBERNETES_NODES: "pool=assay,gpu=yes" }, {}],
  ["with a device", {}, { gpus: 1, env: ["ASSAY_DEVICE=cuda"] }],
])("the Pod of a pair is one that Kubernetes accepts: %s", (_, env, changes) => {
  expect(() => validated(made(env, changes))).not.toThrow();
});

test("the schema refuses a Pod with a field of another kind", () => {
  const pod = made();
  pod.spec!.containers[0]!.stdin = "yes" as never;
  expect(() => validated(pod)).toThrow(/stdin/);
});

describe("each container of a Pod", () => {
  test.each(["student", "harness"] as const)(
    "%s: is nobody, may nothing and writes to memory alone",
    (kind) => {
      const one = containers(made())[kind];
      expect(one.securityContext).toMatchObject({
        runAsNonRoot: true,
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(one.securityContext?.capabilities?.add).toBeUndefined();
      expect(one.resources?.limits).toEqual({
        cpu: "1500m",
        memory: String(GiB),
        "ephemeral-storage": String(256 * 1024 ** 2),
      });
      expect(one.resources?.requests).toEqual(one.resources?.limits);
      expect(one).toMatchObject({ stdin: true, stdinOnce: true, tty: false });
    },
  );

  test("has shared memory and files of its own, and the socket's folder in common, closed to the student", () => {
    const { student, harness } = containers(made());
    const mounts = (one: V1Container) =>
      Object.fromEntries(
        one.volumeMounts!.map(({ mountPath, name, readOnly }) => [mountPath, [name, readOnly]]),
      );
    expect(mounts(student)).toEqual({
      "/run/assay": ["bank", true],
      "/tmp": ["student-tmp", undefined],
      "/dev/shm": ["student-shm", undefined],
    });
    expect(mounts(harness)).toEqual({
      "/bank/0": ["bank", false],
      "/tmp": ["harness-tmp", undefined],
      "/dev/shm": ["harness-shm", undefined],
    });
    for (const { emptyDir } of made().spec!.volumes!)
      expect(emptyDir).toEqual({ medium: "Memory", sizeLimit: expect.stringMatching(/^\d+$/) });
  });

  test("is a user of its own, below 65536 in a user namespace", () => {
    const uids = (env = {}) => made(env).spec!.containers.map((one) => one.securityContext!.runAsUser!);
    expect(new Set([...uids(), ...uids()]).size).toBe(4);
    expect(Math.max(...uids({ ASSAY_KUBERNETES_USER_NAMESPACES: "on" }))).toBeLessThan(65_536);
    expect(made({ ASSAY_KUBERNETES_USER_NAMESPACES: "on" }).spec!.hostUsers).toBe(false);
  });

  test("asks for a device only if it is the student's", () => {
    const { student, harness } = containers(made({}, { gpus: 2 }));
    expect(student.resources?.limits).toMatchObject({ "nvidia.com/gpu": "2" });
    expect(harness.resources?.limits).not.toHaveProperty(["nvidia.com/gpu"]);
  });

  test("waits for a word before it speaks, and what it runs then is process 1", () => {
    expect(containers(made()).student.command).toEqual([
      "sh",
      "-c",
      'read -r _ && exec "$0" "$@"',
      "python3",
      "runner",
    ]);
  });
});

test("a Pod of ours has no token, no name service, no neighbours, no second life and an end", () => {
  expect(made().spec).toMatchObject({
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    hostNetwork: false,
    hostPID: false,
    hostIPC: false,
    shareProcessNamespace: false,
    dnsPolicy: "None",
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 0,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  });
  expect(made().spec!.activeDeadlineSeconds).toBeGreaterThan(3600);
});

test.each<[string, Record<string, string>, object]>([
  ["ASSAY_RUNTIME", { ASSAY_RUNTIME: "kata" }, { runtimeClassName: "kata" }],
  [
    "ASSAY_KUBERNETES_SECCOMP",
    { ASSAY_KUBERNETES_SECCOMP: "assay.json" },
    { securityContext: { seccompProfile: { type: "Localhost", localhostProfile: "assay.json" } } },
  ],
  [
    "ASSAY_KUBERNETES_PULL_SECRET",
    { ASSAY_KUBERNETES_PULL_SECRET: "key" },
    { imagePullSecrets: [{ name: "key" }] },
  ],
  [
    "ASSAY_KUBERNETES_NODES",
    { ASSAY_KUBERNETES_NODES: "pool=a,zone=b" },
    { nodeSelector: { pool: "a", zone: "b" } },
  ],
  [
    "ASSAY_KUBERNETES_IMAGES",
    { ASSAY_KUBERNETES_IMAGES: "r.example:5000/x/" },
    { containers: [{ image: "r.example:5000/x/assay/harness-python-ml:2" }, { name: "student" }] },
  ],
])("%s reaches the Pod", (_, env, part) => {
  expect(made(env).spec).toMatchObject(part);
});

test("limits above the installation's ceiling are cut", () => {
  const { student } = containers(made({}, { limits: { cpus: 400, memoryBytes: 1e15, pids: 64 } }));
  expect(student.resources?.limits).toMatchObject({ cpu: "8000m", memory: String(16 * GiB) });
});

test.each<[Record<string, string>, RegExp]>([
  [{ ASSAY_KUBERNETES_NAMESPACE: "No Name" }, /ASSAY_KUBERNETES_NAMESPACE/],
  [{ ASSAY_KUBERNETES_NODES: "pool" }, /key=value/],
  [{ ASSAY_KUBERNETES_OPEN_NETWORK: "yes" }, /ASSAY_KUBERNETES_OPEN_NETWORK/],
  [{ ASSAY_KUBERNETES_WAITING_MIB: "much" }, /ASSAY_KUBERNETES_WAITING_MIB/],
])("a setting that cannot be used is named: %j", (env, words) => {
  expect(() => clusterSettings(env) satisfies ClusterSettings).toThrow(words);
});

test("the engine is Docker's unless told otherwise, and one that does not exist is refused", () => {
  expect(usesCluster({})).toBe(false);
  expect(usesCluster({ ASSAY_ENGINE: "kubernetes" })).toBe(true);
  expect(() => usesCluster({ ASSAY_ENGINE: "k8s" })).toThrow(/neither/);
});

// Runs in real Pods of the cluster that KUBECONFIG names; where it names none, in those of a stand-in for its API
// server, which checks each request by Kubernetes's schema and runs the containers on the Docker engine.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LABELS } from "../owner.ts";
import { openSandboxPool, type SandboxPool } from "../pool.ts";
import { startClusterStandIn } from "../testing/cluster-stand-in.ts";
import { freshHome, REFERENCE, recorder, submission, tinySuite, whyNoSandbox } from "../testing/fixtures.ts";
import { type ClusterApi, clusterConfig, openClusterApi } from "./cluster.ts";
import { openCluster } from "./driver.ts";
import { probeCluster } from "./probe.ts";
import { clusterSettings } from "./settings.ts";

const real = process.env.KUBECONFIG !== undefined;
const skipped = real ? null : await whyNoSandbox();
if (skipped) console.warn(`skipped: ${skipped}`);
if (!real)
  console.warn("not run on a real cluster: KUBECONFIG is not set. A stand-in for its API server is used.");
const never = new AbortController().signal;

describe.skipIf(skipped)("a run in a Pod", { timeout: 180_000 }, () => {
  const home = freshHome();
  // Whether the network is closed is what the probe tells; these tests say nothing of it.
  const settings = clusterSettings({ ...process.env, ASSAY_KUBERNETES_OPEN_NETWORK: "accepted" });
  let standIn: Awaited<ReturnType<typeof startClusterStandIn>> | null = null;
  let api: ClusterApi;
  let pool: SandboxPool;

  beforeAll(async () => {
    standIn = real ? null : await startClusterStandIn();
    api = openClusterApi(settings.namespace, standIn?.config ?? clusterConfig());
    const driver = await openCluster(settings, home.installation, api);
    pool = await openSandboxPool({ driver, background: false });
  });
  afterAll(async () => {
    await pool?.close();
    await standIn?.close();
  });

  const ours = () => api.pods(`${LABELS.owner}=${home.installation}`);

  async function grade(text: string, need = tinySuite({ per_test: 5 }), signal = never) {
    const pair = await pool.acquire(need, signal);
    const recorded = recorder();
    try {
      const outcome = await pair.run(await submission(text), recorded.on, signal);
      return { outcome, digests: pair.digests, ...recorded };
    } finally {
      pair.release();
    }
  }

  test("of the reference passes every test, by images that the node names", async () => {
    const { outcome, ends, digests } = await grade(REFERENCE);
    expect(outcome).toEqual({ ended: "finished" });
    expect(ends.test_twice).toMatchObject({ ended: "passed", score: 1, oomKills: 0, sandboxDied: false });
    expect(ends.test_thrice).toMatchObject({ ended: "passed" });
    expect(digests.student).toMatch(/sha256:[0-9a-f]{64}/);
    expect(digests.student).not.toBe(digests.harness);
  });

  test("of a submission of some megabytes is whole on the other side", async () => {
    const text = `${REFERENCE}\nLONG = ${JSON.stringify("x".repeat(6_000_000))}\nassert len(LONG) == 6_000_000\n`;
    const { ends } = await grade(text);
    expect(ends.test_twice).toMatchObject({ ended: "passed" });
  });

  test("in which memory runs out loses that test alone", async () => {
    const { outcome, ends } = await grade(
      "def twice(x):\n    hold = [bytearray(b'x' * 8_000_000) for _ in range(100)]\ndef thrice(x): return 3 * x\n",
    );
    expect(outcome).toEqual({ ended: "finished" });
    expect(ends.test_twice?.ended).not.toBe("passed");
    expect(ends.test_thrice).toMatchObject({ ended: "passed" });
  });

  test("whose sandbox dies goes on in another Pod; the running test pays, and no other", async () => {
    // Process 1 ends when it finds itself changed.
    const { outcome, ends, events } = await grade(
      "import os\ndef twice(x):\n    os.setpriority(os.PRIO_PROCESS, 1, 19)\n    return 2 * x\ndef thrice(x): return 3 * x\n",
    );
    expect(outcome).toEqual({ ended: "finished" });
    expect(ends.test_twice).toMatchObject({ ended: "sandbox_lost", sandboxDied: true, oomKills: 0 });
    expect(ends.test_thrice).toMatchObject({ ended: "passed" });
    expect(events.filter(({ op }) => op === "run_finished")).toHaveLength(1);
  });

  test("whose Pod is removed from outside is a fault of ours", async () => {
    const pair = await pool.acquire(tinySuite({ per_test: 10 }), never);
    expect(pool.stats().waitingBytes, "what it requests is held").toBe(256 * 1024 ** 2);
    const slow = "import time\ndef twice(x): time.sleep(8)\ndef thrice(x): return 3 * x\n";
    const outcome = await pair.run(
      await submission(slow),
      async ({ op }) => {
        if (op === "test_started") for (const pod of await ours()) await api.remove(pod.metadata!.name!);
      },
      never,
    );
    pair.release();
    expect(outcome).toMatchObject({ ended: "infrastructure", outage: true });
  });

  test("that is cancelled ends at once with the reason", async () => {
    const abort = new AbortController();
    const pair = await pool.acquire(tinySuite({ per_test: 90 }), never);
    const sleeping = await submission("import time\ndef twice(x): time.sleep(60)\n");
    const cancel = () => abort.abort(new Error("cancelled"));
    const began = performance.now();
    await expect(pair.run(sleeping, cancel, abort.signal)).rejects.toThrow("cancelled");
    expect(performance.now() - began).toBeLessThan(10_000);
    pair.release();
  });

  test("of a suite whose tests cannot be collected says so", async () => {
    const unreadable = tinySuite({}, "import nothing_of_that_name\n");
    await expect(pool.acquire(unreadable, never)).rejects.toThrow("nothing_of_that_name");
  });

  test("shares nothing with the tests but a network and System V's objects, as the docs say", async () => {
    const student = [
      "import os",
      "def twice(x): return 2 * x",
      "def thrice(x): return 9 if sorted(os.listdir('/run/assay')) == [] and not os.path.exists('/bank') else 0",
    ].join("\n");
    expect((await grade(student)).ends.test_thrice).toMatchObject({ ended: "passed" });
  });

  test("is made like the probe, which tells what a sandbox reaches", async () => {
    const images = await pool.driver.images("python-ml");
    const { tried, reached, userNamespace } = await probeCluster(api, settings, images.student);
    expect(tried).toEqual(expect.arrayContaining(reached));
    expect(userNamespace).toBe(settings.userNamespaces);
    if (!real) expect(reached).toEqual([]);
  });

  test("leaves no Pod", async () => {
    for (const until = performance.now() + 60_000; (await ours()).length > 0; ) {
      if (performance.now() > until) break;
      await sleep(200);
    }
    expect(await ours()).toEqual([]);
    expect(standIn?.refused ?? []).toEqual([]);
  });
});

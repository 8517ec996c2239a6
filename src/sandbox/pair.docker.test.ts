// Runs of submissions, good and bad, in real pairs: whose fault an end is, and what the kernel counted.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openEngine } from "./engine.ts";
import { LABELS } from "./owner.ts";
import { openSandboxPool, type SandboxPool } from "./pool.ts";
import { freshHome, REFERENCE, recorder, submission, tinySuite, whyNoSandbox } from "./testing/fixtures.ts";

const skipped = await whyNoSandbox();
if (skipped) console.warn(`skipped: ${skipped}`);
const never = new AbortController().signal;

describe.skipIf(skipped)("a run", { timeout: 120_000 }, () => {
  let pool: SandboxPool;
  const home = freshHome();

  beforeAll(async () => {
    pool = await openSandboxPool({ home: home.path });
  });
  afterAll(() => pool?.close());

  async function grade(text: string, need = tinySuite({ per_test: 3 }), signal = never) {
    const pair = await pool.acquire(need, signal);
    const recorded = recorder();
    try {
      const outcome = await pair.run(await submission(text), recorded.on, signal);
      return { outcome, ...recorded };
    } finally {
      pair.release();
    }
  }

  test("of the reference passes every test, in order", async () => {
    const { outcome, events, ends } = await grade(REFERENCE);
    expect(outcome).toEqual({ ended: "finished" });
    expect(events.map(({ op }) => op)).toEqual([
      "test_started",
      "test_finished",
      "test_started",
      "test_finished",
      "run_finished",
    ]);
    expect(ends.test_twice).toMatchObject({ ended: "passed", score: 1, oomKills: 0, sandboxDied: false });
    expect(ends.test_thrice).toMatchObject({ ended: "passed" });
  });

  test("in the middle of which the clock is put forward, and back, ends as it would have", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const pair = await pool.acquire(tinySuite({ per_test: 3 }), never);
      const { ends, on } = recorder();
      const jumping: typeof on = (event) => {
        vi.setSystemTime(Date.now() + (event.op === "test_started" ? 86_400_000 : -2 * 86_400_000));
        return on(event);
      };
      expect(await pair.run(await submission(REFERENCE), jumping, never)).toEqual({ ended: "finished" });
      pair.release();
      expect(Object.values(ends).map(({ ended }) => ended)).toEqual(["passed", "passed"]);
    } finally {
      vi.useRealTimers();
    }
  });

  test("in which memory runs out: the kernel's counter says so, and the other test is not touched", async () => {
    const { outcome, ends } = await grade(
      "def twice(x):\n    hold = [bytearray(b'x' * 8_000_000) for _ in range(100)]\ndef thrice(x): return 3 * x\n",
    );
    expect(outcome).toEqual({ ended: "finished" });
    expect(ends.test_twice?.ended).not.toBe("passed");
    expect(ends.test_twice?.oomKills).toBeGreaterThan(0);
    expect(ends.test_thrice).toMatchObject({ ended: "passed", oomKills: 0 });
  });

  test("that kills itself moves no counter", async () => {
    const { ends } = await grade(
      "import os, signal\ndef twice(x): os.kill(os.getpid(), signal.SIGKILL)\ndef thrice(x): return 3 * x\n",
    );
    expect(ends.test_twice).toMatchObject({ oomKills: 0 });
    expect(ends.test_twice?.ended).not.toBe("passed");
    expect(ends.test_thrice).toMatchObject({ ended: "passed" });
  });

  test("that prints without end keeps 64 KB and goes on", async () => {
    const { ends } = await grade(
      "def twice(x):\n    while True: print('y' * 1000)\ndef thrice(x): return 3 * x\n",
    );
    expect(ends.test_twice).toMatchObject({ ended: "output_limit" });
    expect(ends.test_twice?.stdout.length).toBeLessThanOrEqual(64 * 1024);
    expect(ends.test_thrice).toMatchObject({ ended: "passed" });
  });

  test("that hangs ends at its deadline", async () => {
    const { ends } = await grade("def twice(x):\n    while True: pass\ndef thrice(x): return 3 * x\n");
    expect(ends.test_twice).toMatchObject({ ended: "deadline" });
    expect(ends.test_thrice).toMatchObject({ ended: "passed" });
  });

  test("whose sandbox is killed goes on in a fresh one; the running test pays", async () => {
    const slow =
      "import time\ndef twice(x):\n    time.sleep(2)\n    return 2 * x\ndef thrice(x): return 3 * x\n";
    const need = tinySuite({ per_test: 4 });
    const pair = await pool.acquire(need, never);
    const { ends, on } = recorder();
    const outcome = await pair.run(
      await submission(slow),
      async (event) => {
        on(event);
        if (event.op === "test_started" && event.name === "test_twice") void killRunning("student");
      },
      never,
    );
    pair.release();
    expect(outcome).toEqual({ ended: "finished" });
    expect(ends.test_twice).toMatchObject({ ended: "sandbox_lost", sandboxDied: true, oomKills: 0 });
    expect(ends.test_thrice).toMatchObject({ ended: "passed" });
  });

  test("whose harness is killed from outside is a fault of ours", async () => {
    const slow = "import time\ndef twice(x): time.sleep(2)\ndef thrice(x): return 3 * x\n";
    const pair = await pool.acquire(tinySuite({ per_test: 4 }), never);
    const outcome = await pair.run(
      await submission(slow),
      (event) => {
        if (event.op === "test_started") void killRunning("harness");
      },
      never,
    );
    pair.release();
    expect(outcome).toMatchObject({ ended: "infrastructure" });
  });

  test("of a suite whose tests cannot be collected says so", async () => {
    await expect(pool.acquire(tinySuite({}, "import nothing_of_that_name\n"), never)).rejects.toThrow(
      "nothing_of_that_name",
    );
  });

  test("that is cancelled ends at once with the reason, and leaves nothing", async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error("cancelled")), 500);
    const began = Date.now();
    await expect(
      grade("import time\ndef twice(x): time.sleep(60)\n", tinySuite(), abort.signal),
    ).rejects.toThrow("cancelled");
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  /** Kills every sandbox of ours of that kind, as an operator or the engine would. */
  async function killRunning(kind: "student" | "harness") {
    await sleep(300);
    const engine = openEngine();
    for (const { id, labels } of await engine.containers(`${LABELS.owner}=${home.installation}`)) {
      if (labels[LABELS.kind] === kind)
        await engine.docker
          .getContainer(id)
          .kill()
          .catch(() => {});
    }
  }
});

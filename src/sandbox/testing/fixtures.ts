// A tiny suite and submissions for the tests of this room, on the real engine.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pack } from "tar-stream";
import { openEngine } from "../engine.ts";
import type { FinishedTest, HarnessEvent } from "../events.ts";
import { missingImages } from "../images.ts";
import type { PairRun, SandboxNeed } from "../need.ts";
import { installationId } from "../owner.ts";

/** Why the tests with containers cannot run here; null when they can. */
export async function whyNoSandbox(): Promise<string | null> {
  const engine = openEngine();
  try {
    await engine.ping();
  } catch {
    return "no Docker engine answers: npx assay doctor --fix";
  }
  const missing = await missingImages(["python-ml"], engine);
  return missing.length > 0 ? `the sandbox images are not built (${missing}): npx assay doctor --fix` : null;
}

/** An installation of its own, so that a test counts only what it made. */
export function freshHome(): { path: string; installation: string } {
  const path = mkdtempSync(join(tmpdir(), "assay-test-"));
  return { path, installation: installationId(path) };
}

export async function tarOf(files: Record<string, string>): Promise<Buffer> {
  const tar = pack();
  for (const [name, text] of Object.entries(files))
    tar.entry({ name, mode: 0o644, mtime: new Date(0) }, text);
  tar.finalize();
  const parts: Buffer[] = [];
  for await (const part of tar) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const TESTS = `
from assay import both, points

@points(1, title=both("Twice", "两倍"))
def test_twice(student, reference, rng):
    x = float(rng.standard_normal())
    assert student.work.twice(x) == reference.work.twice(x), "twice is wrong"

@points(2)
def test_thrice(student, reference, rng):
    assert student.work.thrice(3) == 9, "thrice is wrong"
`;

export const REFERENCE = "def twice(x): return 2 * x\ndef thrice(x): return 3 * x\n";
const MiB = 1024 ** 2;

export function tinySuite(changes: Partial<SandboxNeed["limits"]> = {}, tests = TESTS): SandboxNeed {
  return {
    suiteHash: `tiny ${tests}`,
    image: "python-ml",
    preload: ["numpy"],
    suiteTar: () => tarOf({ "tests/test_tiny.py": tests, "reference/work.py": REFERENCE }),
    limits: {
      cpus: 1,
      memory: 256 * MiB,
      pids: 64,
      wall: 30,
      per_test: 5,
      answer_limit: 16 * MiB,
      ...changes,
    },
  };
}

export async function submission(text: string): Promise<PairRun> {
  const tar = await tarOf({ "work.py": text });
  return {
    key: Buffer.alloc(32, 7),
    tests: null,
    tolerance: 1,
    archive: { bytes: tar.length, open: async () => Readable.from([tar]) },
  };
}

/** Collects a run's events; `ends` are its tests by name. */
export function recorder() {
  const events: HarnessEvent[] = [];
  const ends: Record<string, FinishedTest> = {};
  const on = (event: HarnessEvent) => {
    events.push(event);
    if (event.op === "test_finished") ends[event.name] = event;
  };
  return { events, ends, on };
}

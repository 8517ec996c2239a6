// Suites that must not be published, each proved for real and refused with a sentence that names the place.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSuite, type SuiteFile, suiteOf } from "../../src/judge/read-suite.ts";
import { validateSuite } from "../../src/judge/validate.ts";
import { openSandboxPool, type SandboxPool } from "../../src/sandbox/pool.ts";
import { whyNoSandbox } from "../../src/sandbox/testing/fixtures.ts";
import { diskBlobs } from "../../src/storage/blobs.ts";

const skipped = await whyNoSandbox();
if (skipped) console.warn(`skipped: ${skipped}`);

const SETTINGS = `id: hw9
title: { en: Nine, zh: 九 }
preload: [numpy]
files: { required: [work.py] }
limits: { memory: 512MiB, per_test: 5s, wall: 60s }
`;
const TWICE = `from assay import close, points

@points(100)
def test_twice(student, reference, rng):
    x = rng.standard_normal(3)
    assert close(student.work.twice(x), reference.work.twice(x))
`;
const MUTANT = `title: t\nhint: h\nchange: { file: work.py, find: "2 * x", replace: "3 * x" }\nfails: [test_twice]\n`;

const GOOD = {
  "grader.yaml": SETTINGS,
  "tests/test_work.py": TWICE,
  "reference/work.py": "def twice(x):\n    return 2 * x\n",
  "starter/work.py": "def twice(x):\n    raise NotImplementedError\n",
  "mutants/three-times/mutant.yaml": MUTANT,
};

const filesOf = (texts: Record<string, string>): SuiteFile[] =>
  Object.entries(texts).map(([path, text]) => ({ path, bytes: Buffer.from(text) }));

describe.skipIf(skipped)("a proof in real sandboxes", { timeout: 240_000 }, () => {
  let scratch = "";
  let pool: SandboxPool;

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), "assay-refused-"));
    pool = await openSandboxPool({ home: scratch });
  });
  afterAll(async () => {
    await pool?.close();
    await rm(scratch, { recursive: true, force: true });
  });

  async function problemsOf(files: SuiteFile[]): Promise<string[]> {
    const { proof } = await validateSuite(pool, diskBlobs(join(scratch, "blobs")), suiteOf(files), {
      seeds: 3,
      parallel: 2,
      intake: async () => ({ code: "missing_file", message: "work.py is missing" }),
    });
    expect(proof.ok).toBe(proof.problems.length === 0);
    return proof.problems.map(({ en }) => en);
  }

  test("holds for a suite as it should be", async () => {
    expect(await problemsOf(filesOf(GOOD))).toEqual([]);
  });

  test("names a test that passes by the flip of a coin", async () => {
    // Eight signs of a normal variable: three seeds agree in all of them once in some 250,000 runs.
    const flaky = `${TWICE}
for n in range(8):
    def test(student, reference, rng):
        x = rng.standard_normal(3)
        assert close(student.work.twice(x), 2 * x) and x[0] > 0, "tails"
    test.__name__ = f"test_coin_{n}"
    globals()[test.__name__] = points(10)(test)
del test
`;
    const problems = await problemsOf(filesOf({ ...GOOD, "tests/test_work.py": flaky }));
    expect(problems.join("\n")).toMatch(
      /^test_coin_\d: flaky; the reference passes it with some seeds and fails it with others \(tails\)/m,
    );
  });

  test("names a mutant that nothing detects, and the test that lets it pass", async () => {
    const harmless = `title: t\nhint: h\nchange: { file: work.py, find: "2 * x", replace: "x * 2" }\nfails: [test_twice]\n`;
    expect(await problemsOf(filesOf({ ...GOOD, "mutants/other-order/mutant.yaml": harmless }))).toEqual([
      "mutants/other-order: undetected; it passes every test",
    ]);
  });

  test("names a test that a submission which knows nothing passes", async () => {
    const generous = `${TWICE}
@points(10)
def test_generous(student, reference, rng):
    student.work.twice(rng.standard_normal(3))
`;
    const problems = (await problemsOf(filesOf({ ...GOOD, "tests/test_work.py": generous }))).join("\n");
    expect(problems).toMatch(/^the adversary "nan" scores 10, more than the starter, in test_generous$/m);
    expect(problems).toContain("test_generous: no mutant fails it");
  });

  test("names a reference that is wrong forwards and backwards alike", async () => {
    const suite = await readSuite(join(import.meta.dirname, "../../graders/hw2-rnn"));
    const files = suite.files
      .filter(({ path }) => !/^(mutants|alternatives|starter\/(assay_check|visible_tests))\//.test(path))
      // One step forwards and backwards is where it shows; the other tests would only take their time.
      .filter(({ path }) => !/^tests\/test_(?!step\.py)/.test(path))
      .map((file) =>
        file.path === "reference/rnn.py" ? { ...file, bytes: consistentlyWrong(file.bytes) } : file,
      );
    const problems = (await problemsOf(files)).join("\n");
    expect(problems).toMatch(/^test_step_golden: the reference fails it with every seed/m);
    expect(problems).not.toMatch(/^test_step_backward\w*: the reference/m);
  });
});

/** tanh(2a) for tanh(a), with the gradient that goes with it: every numeric gradient agrees. */
function consistentlyWrong(reference: Buffer): Buffer {
  const text = reference.toString("utf8");
  const wrong = text
    .replace("h = np.tanh(x @ Wx + h_prev @ Wh + b)", "h = np.tanh(2 * (x @ Wx + h_prev @ Wh + b))")
    .replace("da = dh * (1 - h**2)", "da = 2 * dh * (1 - h**2)");
  expect(wrong.length).toBe(text.length + "2 * ()".length + "2 * ".length);
  return Buffer.from(wrong);
}

test("a wrong key in grader.yaml is named with its line before anything runs", () => {
  const wrong = SETTINGS.replace("per_test", "per_tset");
  expect(() => suiteOf(filesOf({ ...GOOD, "grader.yaml": wrong }))).toThrow(
    "grader.yaml:5: limits.per_tset: unknown key",
  );
});

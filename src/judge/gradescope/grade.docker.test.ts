// Autograders that follow Gradescope's contract in different ways, unmodified, in real containers.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InfrastructureFault } from "../../platform/errors.ts";
import { openSandboxPool, type SandboxPool } from "../../sandbox/pool.ts";
import { whyNoSandbox } from "../../sandbox/testing/fixtures.ts";
import { diskBlobs } from "../../storage/blobs.ts";
import { gradeSubmission } from "../grade.ts";
import { type SuiteFile, suiteOf, tarOf } from "../read-suite.ts";
import { wrapAutograder } from "./wrap.ts";

const skipped = await whyNoSandbox();
if (skipped) console.warn(`skipped: ${skipped}`);

const file = (path: string, text: string): SuiteFile => ({ path, bytes: Buffer.from(text) });
let home: string;
let pool: SandboxPool;
const made = new Set<string>();

beforeAll(async () => {
  if (skipped) return;
  home = await mkdtemp(join(tmpdir(), "assay-autograder-"));
  pool = await openSandboxPool({ home, background: false });
});
afterAll(async () => {
  if (skipped) return;
  for (const image of made) await pool.site.engine.removeImage(image);
  await pool.close();
  await rm(home, { recursive: true, force: true });
});

/** Grades a submission with an autograder of these files, in as much time as its test gives. */
async function grade(
  autograder: SuiteFile[],
  submission: SuiteFile[],
  { points = null, metadata = {}, wall }: { points?: number | null; metadata?: unknown; wall?: number } = {},
) {
  const settings = { id: "imported", title: "Imported", points, network: false };
  const suite = suiteOf(wrapAutograder(autograder, settings));
  const limits = { ...suite.config.limits, cpus: 1, ...(wall === undefined ? {} : { wall }) };
  made.add(`assay/autograder:${suite.hash.slice(0, 32)}`);
  const blobs = diskBlobs(home);
  const { hash, bytes } = await blobs.put(tarOf(submission));
  return gradeSubmission(pool, blobs, {
    suite: {
      config: { ...suite.config, limits },
      hash: suite.hash,
      tar: async () => tarOf(suite.files),
    },
    archive: { bytes, open: () => blobs.open(hash) },
    key: Buffer.alloc(32),
    metadata: async () => metadata,
  });
}

const nothing = file("setup.sh", "#!/bin/bash\nexit 0\n");

describe.skipIf(skipped !== null)("an unmodified autograder", { timeout: 240_000 }, () => {
  test("of Python's unittest with a JSON writer gives its points, tags and visibility", async () => {
    const autograder = [
      nothing,
      file(
        "run_autograder",
        "#!/usr/bin/env bash\ncp /autograder/submission/calc.py /autograder/source/\ncd /autograder/source\npython3 run_tests.py\n",
      ),
      file("run_tests.py", UNITTEST_RUNNER),
      file("tests/test_calc.py", UNITTEST_CASES),
    ];
    const report = await grade(autograder, [
      file("calc.py", "def add(a, b): return a + b\ndef mul(a, b): return a + b\n"),
    ]);
    expect(report).toMatchObject({ score: 200, max: 500, whole: { given: null } });
    expect(report.tests.map(({ title, verdict, score, max }) => [title.en, verdict, score, max])).toEqual([
      ["test_add (calc)", "passed", 200, 200],
      ["test_mul (calc)", "failed", 0, 300],
    ]);
    expect(report.tests[1]!.message!.en).toContain("AssertionError: 4 != 6");
  });

  test("of a shell script written on Windows, in a wrapper of carriage returns, is run all the same", async () => {
    const script = [
      "#!/bin/bash",
      'if [ "$(bash /autograder/submission/hello.sh)" = "hello" ]; then score=10; else score=0; fi',
      'echo "{\\"score\\": $score, \\"output\\": \\"checked\\", \\"stdout_visibility\\": \\"visible\\"}" > /autograder/results/results.json',
      "echo done",
      "",
    ].join("\r\n");
    const report = await grade(
      [nothing, file("run_autograder", script)],
      [file("hello.sh", "echo hello\n")],
      { points: 10 },
    );
    expect(report).toMatchObject({
      score: 1000,
      max: 1000,
      whole: { output: "checked", given: 1000, stdout: "done\n", stdoutVisibility: "visible" },
    });
  });

  test("with a leaderboard and partial credit keeps both", async () => {
    const results = {
      tests: [
        { name: "Accuracy", score: "3.25", max_score: "5", output: "0.65" },
        { name: "Style", output: "tidy" },
      ],
      leaderboard: [
        { name: "Accuracy", value: 0.65 },
        { name: "Time", value: 1.5, order: "asc" },
      ],
      execution_time: "0.02",
    };
    const script = `#!/bin/sh\ncat > /autograder/results/results.json <<'END'\n${JSON.stringify(results)}\nEND\n`;
    const report = await grade([nothing, file("run_autograder", script)], [file("a.txt", "")]);
    expect(report).toMatchObject({ score: 325, max: 500, whole: { executionTime: 0.02 } });
    expect(report.tests[0]!.verdict).toBe("partial");
    expect(report.leaderboard).toEqual([
      { name: "Accuracy", value: 0.65, order: "desc", test: null },
      { name: "Time", value: 1.5, order: "asc", test: null },
    ]);
  });

  test("finds everything where the contract says, may drop to another user, and has no network", async () => {
    const script = `#!/usr/bin/env python3
import json, os, socket, subprocess, sys
meta = json.load(open("/autograder/submission_metadata.json"))
def reachable():
    try: socket.create_connection(("1.1.1.1", 53), 2)
    except OSError: return False
    return True
facts = {
    "cwd": os.getcwd(), "uid": os.getuid(),
    "nested": open("/autograder/submission/src/deep/a.txt").read(),
    "copy": os.access("/autograder/run_autograder", os.X_OK) and os.path.exists("/autograder/source/run_autograder"),
    "results": os.access("/autograder/results", os.W_OK), "network": reachable(),
    "nobody": subprocess.run(["id", "-u"], user=65534, group=65534, extra_groups=[], capture_output=True, text=True).stdout.strip(),
    "student": meta["users"][0]["name"],
    "made": open("/opt/made-by-setup").read().strip(),
}
json.dump({"score": 1, "output": json.dumps(facts)}, open("/autograder/results/results.json", "w"))
`;
    const setup = file("setup.sh", "echo yes > /opt/made-by-setup\n");
    const report = await grade([setup, file("run_autograder", script)], [file("src/deep/a.txt", "here")], {
      metadata: { users: [{ name: "张三" }] },
    });
    expect(JSON.parse(report.whole!.output!)).toEqual({
      cwd: "/autograder",
      uid: 0,
      nested: "here",
      copy: true,
      results: true,
      network: false,
      nobody: "65534",
      student: "张三",
      made: "yes",
    });
  });

  test("that is stopped by time counts what it had written by then", async () => {
    const script = `#!/bin/sh
echo '{"tests": [{"name": "first", "score": 1, "max_score": 2}]}' > /autograder/results/results.json
sleep 600
`;
    const report = await grade([nothing, file("run_autograder", script)], [file("a.txt", "")], { wall: 3 });
    expect(report).toMatchObject({ score: 100, max: 200 });
    expect(report.wallMs).toBeLessThan(6_000);
  });

  test("that is stopped by time without results is a time-out, not a fault of ours", async () => {
    const script = "#!/bin/sh\nsleep 600\n";
    const report = await grade([nothing, file("run_autograder", script)], [file("a.txt", "")], {
      wall: 2,
      points: 100,
    });
    expect(report).toMatchObject({ score: 0, max: 10_000, tests: [{ verdict: "timeout" }] });
  });
});

describe.skipIf(skipped !== null)("a faulty autograder is said to staff", { timeout: 240_000 }, () => {
  const write = (text: string) => file("run_autograder", `#!/bin/sh\n${text}\n`);
  test.each([
    ["no results.json", "echo compiling; exit 3", /ended with 3; it wrote no results.json[\s\S]*compiling/],
    ["NaN", `echo '{"score": NaN}' > results/results.json`, /line 1: NaN and Infinity are not JSON/],
    [
      "prints around the JSON",
      `(echo Running; echo '{"score": 1}') > results/results.json`,
      /line 1: only JSON may stand in the file: Running/,
    ],
    ["a link instead of a file", "ln -s /etc/passwd results/results.json", /results.json cannot be opened/],
    ["a pipe instead of a file", "mkfifo results/results.json", /results.json is not a regular file/],
    ["a file of 6 MB", "head -c 6000000 /dev/zero > results/results.json", /is 6000000 bytes long/],
  ])("%s", async (_, script, sentence) => {
    const graded = grade([nothing, write(script)], [file("a.txt", "")]);
    await expect(graded).rejects.toThrow(InfrastructureFault);
    await expect(graded).rejects.toThrow(sentence);
  });

  test("whose setup.sh fails shows what it printed", async () => {
    const setup = file("setup.sh", "echo looking for numpy-9\nexit 7\n");
    const graded = grade([setup, write("exit 0")], [file("a.txt", "")]);
    await expect(graded).rejects.toThrow(/setup.sh ended with 7[\s\S]*looking for numpy-9/);
  });
});

test.skipIf(skipped !== null)("nothing is left of any of it", async () => {
  const { engine, installation } = pool.site;
  expect(await engine.containers(`assay.owner=${installation}`)).toEqual([]);
  expect(await engine.volumes(`assay.owner=${installation}`)).toEqual([]);
});

const UNITTEST_CASES = `import unittest
import calc

class Test(unittest.TestCase):
    def test_add(self):
        """test_add (calc)"""
        self.assertEqual(calc.add(2, 3), 5)
    test_add.__weight__ = 2

    def test_mul(self):
        """test_mul (calc)"""
        self.assertEqual(calc.mul(2, 2), 4)
        self.assertEqual(calc.mul(1, 3), 6)
    test_mul.__weight__ = 3
    test_mul.__visibility__ = "after_due_date"
`;

/** What such runners do: a TestResult that collects, and one JSON document at the end. */
const UNITTEST_RUNNER = `import io, json, unittest

class Result(unittest.TextTestResult):
    def __init__(self, *args):
        super().__init__(*args)
        self.rows = []
    def row(self, test, error=None):
        method = getattr(test, test._testMethodName)
        weight = getattr(method, "__weight__", 0)
        row = {"name": test.shortDescription(), "score": 0.0 if error else weight, "max_score": weight,
               "status": "failed" if error else "passed"}
        if error: row["output"] = "Test Failed: " + self._exc_info_to_string(error, test)
        if hasattr(method, "__visibility__"): row["visibility"] = method.__visibility__
        self.rows.append(row)
    def addSuccess(self, test): self.row(test)
    def addFailure(self, test, error): self.row(test, error)
    def addError(self, test, error): self.row(test, error)

suite = unittest.defaultTestLoader.discover("tests")
result = unittest.TextTestRunner(stream=io.StringIO(), resultclass=Result).run(suite)
json.dump({"tests": result.rows, "execution_time": "0.00"}, open("/autograder/results/results.json", "w"))
`;

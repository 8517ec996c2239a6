// Autograders that follow Gradescope's contract in different ways, unmodified, in real containers.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import AdmZip from "adm-zip";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
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
  for (const image of made) await pool.driver.site.engine.removeImage(image);
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

/** The published wheel, unpacked; null where PyPI does not answer or this machine has no pip. */
const gradescopeUtils = skipped === null ? await wheelOf("gradescope-utils==0.5.0") : null;
if (gradescopeUtils === null) console.warn("skipped: gradescope-utils cannot be had from PyPI");

async function wheelOf(name: string): Promise<SuiteFile[] | null> {
  const folder = await mkdtemp(join(tmpdir(), "assay-wheel-"));
  try {
    const download = [
      "-m",
      "pip",
      "download",
      "--quiet",
      "--no-deps",
      "--no-binary",
      ":none:",
      "-d",
      folder,
      name,
    ];
    await promisify(execFile)("python3", download, { timeout: 30_000 });
    const [wheel] = (await readdir(folder)).filter((one) => one.endsWith(".whl"));
    if (wheel === undefined) return null;
    const entries = new AdmZip(join(folder, wheel)).getEntries().filter((entry) => !entry.isDirectory);
    return entries.map((entry) => ({ path: entry.entryName, bytes: entry.getData() }));
  } catch {
    return null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

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

  test("of a compiled language, whose setup.sh installs the compiler, grades what is compiled", async ({
    skip,
  }) => {
    // Without recommended packages and with the small compiler: the image has none, and a whole gcc is 60 MB to fetch.
    const setup = file("setup.sh", "set -e\napt-get install -y --no-install-recommends tcc libc6-dev\n");
    const script = `#!/bin/bash
cd /autograder/submission
if ! tcc -Wall -o /tmp/sum sum.c 2> /tmp/errors; then
  printf '{"score": 0, "output": "it does not compile: %s"}' "$(head -c 60 /tmp/errors | tr -d '"\\\\\n')" > /autograder/results/results.json
  exit 0
fi
passed=0
for case in "1 2 3" "40 2 42" "-5 5 0"; do
  set -- $case
  [ "$(echo $1 $2 | /tmp/sum)" = "$3" ] && passed=$((passed + 1))
done
echo "{\\"tests\\": [{\\"name\\": \\"sums\\", \\"score\\": $passed, \\"max_score\\": 3}]}" > /autograder/results/results.json
`;
    const gradeC = (text: string) =>
      grade([setup, file("run_autograder", script)], [file("sum.c", text)], { points: 3 });
    const sum = (operation: string) =>
      `#include <stdio.h>\nint main(void) { int a, b; scanf("%d %d", &a, &b); printf("%d\\n", ${operation}); return 0; }\n`;
    // This machine's bridge may lead nowhere; what is installed is the test's own choice.
    vi.stubEnv("ASSAY_SETUP_NETWORK", "host");
    const right = await gradeC(sum("a + b")).catch((error) => {
      if (/apt-get update failed|Unable to (fetch|locate)/.test(String(error))) return null;
      throw error;
    });
    vi.unstubAllEnvs();
    if (right === null)
      return skip("no compiler: the image has none, and no Debian mirror answers from a container");
    expect(right).toMatchObject({ score: 300, max: 300, tests: [{ verdict: "passed" }] });
    expect(await gradeC(sum("a * 0 + 3"))).toMatchObject({
      score: 100,
      max: 300,
      tests: [{ verdict: "partial" }],
    });
    const broken = await gradeC("int main(void) { return x; }\n");
    expect(broken).toMatchObject({ score: 0 });
    expect(broken.whole?.output).toContain("it does not compile");
  });

  test.skipIf(gradescopeUtils === null)(
    "of Gradescope's own Python library (gradescope-utils from PyPI), as it is published",
    async () => {
      const autograder = [
        nothing,
        ...gradescopeUtils!,
        file(
          "run_autograder",
          "#!/bin/sh\ncd /autograder/source\nPYTHONPATH=.:/autograder/submission python3 run_tests.py\n",
        ),
        file("run_tests.py", UTILS_RUNNER),
        file("tests/test_calc.py", UTILS_CASES),
      ];
      const report = await grade(autograder, [
        file("calc.py", "def add(a, b): return a + b\ndef mul(a, b): return a + b\n"),
      ]);
      const rows = report.tests.map(({ title, number, verdict, score, max }) => [
        title.en,
        number,
        verdict,
        score,
        max,
      ]);
      // The library itself calls what has not all its points failed.
      expect(rows).toEqual([
        ["adds", "1.1", "passed", 200, 200],
        ["multiplies", "1.2", "failed", 0, 300],
        ["half of it", "2", "failed", 150, 400],
      ]);
      expect(report).toMatchObject({ score: 350, max: 900 });
      expect(report.tests[1]).toMatchObject({ tags: ["products"], visibility: "after_due_date" });
      expect(report.tests[1]!.message!.en).toContain("5 != 6");
      expect(report.leaderboard).toMatchObject([{ name: "speed", value: 12.5, order: "asc" }]);
      expect(report.whole?.executionTime).toBeGreaterThanOrEqual(0);
    },
  );

  // `otter generate`'s setup.sh fetches Miniforge and a conda environment, which no mirror here has: make the ZIP where
  // they can be had, and name it and a submission that it gives all points.
  const otter = process.env.ASSAY_TEST_OTTER?.split(",");
  test.skipIf(otter === undefined)(
    "made by `otter generate` (needs ASSAY_TEST_OTTER=autograder.zip,submission.ipynb and a network with conda-forge)",
    async () => {
      const [zip = "", work = ""] = otter ?? [];
      const parts = new AdmZip(zip).getEntries().filter((entry) => !entry.isDirectory);
      const autograder = parts.map((entry) => ({ path: entry.entryName, bytes: entry.getData() }));
      vi.stubEnv("ASSAY_SETUP_NETWORK", "host");
      const report = await grade(autograder, [{ path: basename(work), bytes: readFileSync(work) }]);
      vi.unstubAllEnvs();
      expect(report.score).toBe(report.max);
    },
  );

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

  test("finds everything where the contract says, may drop to another user, and has no network but its own", async () => {
    const script = `#!/usr/bin/env python3
import json, os, socket, subprocess, sys
meta = json.load(open("/autograder/submission_metadata.json"))
def reachable():
    try: socket.create_connection(("1.1.1.1", 53), 2)
    except OSError: return False
    return True
def own_server():
    server = socket.create_server(("localhost", 0))
    with socket.create_connection(server.getsockname(), 2): return True
facts = {
    "cwd": os.getcwd(), "uid": os.getuid(),
    "nested": open("/autograder/submission/src/deep/a.txt").read(),
    "copy": os.access("/autograder/run_autograder", os.X_OK) and os.path.exists("/autograder/source/run_autograder"),
    "results": os.access("/autograder/results", os.W_OK), "network": reachable(), "server": own_server(),
    "interfaces": "lo" in [name for _, name in socket.if_nameindex()],
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
      server: true,
      interfaces: true,
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
  const { engine, installation } = pool.driver.site;
  // Removal is behind the answers: nobody waits for it.
  await vi.waitFor(
    async () => {
      expect(await engine.containers(`assay.owner=${installation}`)).toEqual([]);
      expect(await engine.volumes(`assay.owner=${installation}`)).toEqual([]);
    },
    { timeout: 15_000, interval: 100 },
  );
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

const UTILS_RUNNER = `import unittest
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

suite = unittest.defaultTestLoader.discover("tests")
with open("/autograder/results/results.json", "w") as f:
    JSONTestRunner(visibility="visible", stream=f).run(suite)
`;

const UTILS_CASES = `import unittest
from gradescope_utils.autograder_utils.decorators import leaderboard, number, partial_credit, tags, visibility, weight
import calc

class TestCalc(unittest.TestCase):
    @weight(2)
    @number("1.1")
    def test_add(self):
        """adds"""
        self.assertEqual(calc.add(2, 3), 5)

    @weight(3)
    @number("1.2")
    @tags("products")
    @visibility("after_due_date")
    def test_mul(self):
        """multiplies"""
        self.assertEqual(calc.mul(2, 3), 6)

    @partial_credit(4)
    @number("2")
    def test_part(self, set_score=None):
        """half of it"""
        set_score(1.5)

    @leaderboard("speed", "asc")
    def test_speed(self, set_leaderboard_value=None):
        set_leaderboard_value(12.5)
`;

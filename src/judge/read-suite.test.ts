import { describe, expect, test } from "vitest";
import { mutantFiles, type SuiteError, type SuiteFile, suiteOf, tarOf } from "./read-suite.ts";

const file = (path: string, text: string): SuiteFile => ({ path, bytes: Buffer.from(text) });
const settings = `id: hw9
title: { en: Nine, zh: 九 }
files: { required: [nine.py] }
limits: { memory: 1GiB, per_test: 10s }
`;
const whole = [
  file("grader.yaml", settings),
  file("mutants/off-by-one/mutant.yaml", mutant("a + b", "a - b")),
  file("reference/nine.py", "def nine(a, b):\n    return a + b\n"),
  file("tests/test_nine.py", "def test_nine(student): ..."),
];

function mutant(find: string, replace: string) {
  return `title: t\nhint: h\nchange: { file: nine.py, find: "${find}", replace: "${replace}" }\nfails: [test_nine]\n`;
}

function problemsOf(files: SuiteFile[]): string[] {
  try {
    suiteOf(files);
    return [];
  } catch (error) {
    return (error as SuiteError).problems;
  }
}

describe("limits above the installation's", () => {
  test.each([
    ["cpus: 60", "limits.cpus", "ASSAY_LIMIT_CPUS"],
    ["memory: 9000GiB", "limits.memory", "ASSAY_LIMIT_MEMORY"],
    ["pids: 4000000", "limits.pids", "ASSAY_LIMIT_PIDS"],
    ["wall: 10000m", "limits.wall", "ASSAY_LIMIT_WALL_SECONDS"],
  ])("%s is refused by line and key, instead of quietly given less", (limit, key, variable) => {
    const [problem, ...others] = problemsOf(replaced("grader.yaml", settings.replace("memory: 1GiB", limit)));
    expect(problem).toMatch(`grader.yaml:4: ${key}: this installation gives at most`);
    expect(problem).toContain(variable);
    expect(others).toEqual([]);
  });
});

function replaced(path: string, text: string): SuiteFile[] {
  return whole.map((f) => (f.path === path ? file(path, text) : f));
}

describe("a suite's files", () => {
  test("read as settings, mutants and a hash", () => {
    const suite = suiteOf(whole);
    expect(suite.config.limits).toMatchObject({ memory: 1024 ** 3, per_test: 10, pids: 128, gpu: "none" });
    expect(suite.mutants.map((m) => m.name)).toEqual(["off-by-one"]);
    expect(suite.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test("any changed byte changes the hash, the order of reading does not", () => {
    expect(suiteOf(replaced("tests/test_nine.py", "def test_nine(student): pass")).hash).not.toBe(
      suiteOf(whole).hash,
    );
  });

  test("a mutant is the reference with one change", () => {
    const suite = suiteOf(whole);
    const [changed] = mutantFiles(suite, suite.mutants[0]!);
    expect(changed?.bytes.toString()).toBe("def nine(a, b):\n    return a - b\n");
  });

  test("pack into the same bytes each time", () => {
    expect(tarOf([...whole].reverse())).toEqual(tarOf(whole));
  });
});

test.each<[string, SuiteFile[], RegExp]>([
  ["no grader.yaml", whole.slice(1), /^grader\.yaml: missing/],
  [
    "an unknown key",
    replaced("grader.yaml", `${settings}pointz: 3\n`),
    /^grader\.yaml:5: pointz: unknown key$/,
  ],
  [
    "an unknown key inside limits",
    replaced("grader.yaml", settings.replace("per_test", "pertest")),
    /^grader\.yaml:4: limits\.pertest: unknown key$/,
  ],
  [
    "a size without a unit that is known",
    replaced("grader.yaml", settings.replace("1GiB", "1 gigabyte")),
    /^grader\.yaml:4: limits\.memory: write a size as 20MB or 1GiB$/,
  ],
  [
    "a path that leaves the submission",
    replaced("grader.yaml", settings.replace("nine.py", "../x")),
    /files\.required\.0/,
  ],
  ["broken YAML", replaced("grader.yaml", "id: [hw9\n"), /^grader\.yaml:\d+: /],
  [
    "an alias bomb",
    replaced(
      "grader.yaml",
      `a: &a [1,1,1,1]\nb: &b [*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nid: [*c,*c,*c,*c,*c,*c]\n`,
    ),
    /alias/i,
  ],
  [
    "a required file that the reference lacks",
    whole.filter((f) => f.path !== "reference/nine.py"),
    /reference\/nine\.py: missing/,
  ],
  ["no tests", whole.filter((f) => !f.path.startsWith("tests/")), /^tests\/: holds no Python file$/],
  [
    "a mutant's change that is not found",
    replaced("mutants/off-by-one/mutant.yaml", mutant("a * b", "a - b")),
    /change\.find: stands 0 times/,
  ],
  [
    "a mutant's change that is found twice",
    replaced("mutants/off-by-one/mutant.yaml", mutant("n", "m")),
    /change\.find: stands \d+ times .* must stand once/,
  ],
])("%s is refused with its place", (_, files, problem) => {
  expect(problemsOf(files).join("\n")).toMatch(problem);
});

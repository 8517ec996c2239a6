// Twenty wrong solutions that are no mutants: other styles, other names, two mistakes at once. Each report must name
// what a teacher would have said, and never anything else.
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { gradeAndDiagnose } from "../../src/judge/diagnose-suite.ts";
import { filesUnder, readFolder, readSuite, type Suite, type SuiteFile } from "../../src/judge/read-suite.ts";
import { openSandboxPool } from "../../src/sandbox/pool.ts";
import { whyNoSandbox } from "../../src/sandbox/testing/fixtures.ts";
import { diskBlobs } from "../../src/storage/blobs.ts";

interface Mistake {
  name: string;
  suite: string;
  style: string;
  change: { file: string; find: string; replace: string }[];
  wanted: string[];
}

const here = fileURLToPath(new URL(".", import.meta.url));
const graders = join(here, "../../graders");
const mistakes: Mistake[] = parse(await readFile(join(here, "mistakes.yaml"), "utf8"));
const scratch = join(tmpdir(), `assay-mistakes-${process.pid}`);
const skipped = await whyNoSandbox();
if (skipped) console.warn(`skipped: ${skipped}`);
const ONE_MS = 120_000;
const RIGHT_AT_LEAST = 15;

afterAll(() => rm(scratch, { recursive: true, force: true }));

/** The style's files with the mistakes made in them. */
async function filesOf(suite: Suite, { style, change, name }: Mistake): Promise<SuiteFile[]> {
  const alternative = filesUnder(suite.files, `alternatives/${style}`);
  const own = alternative.length > 0 ? alternative : await readFolder(join(here, style));
  const rest = filesUnder(suite.files, "reference").filter(({ path }) => path === "report.pdf");
  const files = [...own.filter(({ path }) => path !== "alternative.yaml"), ...rest];
  return files.map(({ path, bytes }) => {
    let text = bytes.toString("latin1");
    for (const { find, replace } of change.filter(({ file }) => file === path)) {
      const latin = Buffer.from(find).toString("latin1");
      if (text.split(latin).length !== 2) throw new Error(`${name}: ${find} does not stand once in ${path}`);
      text = text.replace(latin, () => Buffer.from(replace).toString("latin1"));
    }
    return { path, bytes: Buffer.from(text, "latin1") };
  });
}

describe.skipIf(skipped)("wrong solutions that are no mutants", () => {
  test("are given the name that a teacher would give, and never another", {
    timeout: mistakes.length * ONE_MS,
  }, async () => {
    const pool = await openSandboxPool({ atOnce: 1 });
    const rows: { name: string; wanted: string[]; named: string[] }[] = [];
    // A lane a suite: while one waits for its names, or for its sandboxes, another is graded.
    const lanes = [...Map.groupBy(mistakes, ({ suite }) => suite)].map(async ([name, own]) => {
      const suite = await readSuite(join(graders, name));
      const graded = own.map(async (mistake) => {
        const files = await filesOf(suite, mistake);
        const { found } = await gradeAndDiagnose(pool, diskBlobs(scratch), suite, files);
        const sure = found.filter(({ diagnosis }) => diagnosis.others.length === 0);
        const named = new Set(sure.flatMap(({ diagnosis }) => diagnosis.mutant.split(" + ")));
        rows.push({ name: mistake.name, wanted: mistake.wanted, named: [...named].sort() });
      });
      await Promise.all(graded);
    });
    try {
      await Promise.all(lanes);
    } finally {
      await pool.close();
    }
    console.log(JSON.stringify(rows, null, 1));
    const wrong = rows.filter(({ named, wanted }) => named.some((name) => !wanted.includes(name)));
    expect(wrong).toEqual([]);
    const right = rows.filter(({ named, wanted }) => wanted.every((name) => named.includes(name)));
    expect(right.length).toBeGreaterThanOrEqual(RIGHT_AT_LEAST);
    expect(rows.length).toBe(20);
  });
});

// One case: graded for real, compared with what must come of it, then the honest twin by the same route.
import { existsSync, readFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { readFolder, type Suite, SuiteError, type SuiteFile } from "../../src/judge/read-suite.ts";
import type { Report } from "../../src/judge/report.ts";
import { UserError } from "../../src/platform/errors.ts";
import { zipOf } from "../../src/storage/zip-write.ts";
import { buildZip, type ZipSpec } from "../hostile-archives/build.ts";
import type { Graded, HostileBench } from "./bench.ts";
import { expectedWords, type HostileCase } from "./cases.ts";
import { activeText, fingerprint, leaksIn, openView, realView, shownOf } from "./views.ts";

export interface CaseResult {
  name: string;
  expected: string;
  got: string;
  leaks: number;
  leftovers: number;
  ok: boolean;
}

interface Outcome {
  got: string;
  /** Why it is not what was expected; empty when it is. */
  wrong: string[];
  leaks: string[];
}

/** Grades `one` and its twin. Never throws for what a case does. */
export async function judgeCase(bench: HostileBench, one: HostileCase): Promise<CaseResult> {
  const outcome = await (one.suite_refused ? judgeSuite(bench, one) : judgeSubmission(bench, one)).catch(
    (error: unknown): Outcome => ({ got: `broken: ${(error as Error).message}`, wrong: ["it"], leaks: [] }),
  );
  const notes = [...outcome.wrong, ...outcome.leaks.map((leak) => `seen: ${leak}`)];
  return {
    name: one.name,
    expected: expectedWords(one),
    got: notes.length === 0 ? outcome.got : `${outcome.got} (${notes.join("; ").slice(0, 300)})`,
    leaks: outcome.leaks.length,
    leftovers: 0,
    ok: notes.length === 0,
  };
}

async function judgeSubmission(bench: HostileBench, one: HostileCase): Promise<Outcome> {
  const suite = await suiteFor(bench, one);
  const { hostile, twin } = await zipsOf(one);
  const neighbours = one.neighbour ? gradeBeside(bench, suite, twin) : null;
  const outcome = await gradeHostile(bench, one, suite, hostile);
  const beside = await neighbours?.stop();
  const usual = one.group === "staff" ? bench.suite() : suite;
  const twins = [...(beside ?? []), await outcomeOf(() => bench.grade(twin, usual))];
  const bad = twins.filter((graded) => typeof graded === "string" || graded.report.score !== 10_000);
  return { ...outcome, wrong: [...outcome.wrong, ...bad.map((graded) => `twin: ${wordsOf(graded)}`)] };
}

async function gradeHostile(
  bench: HostileBench,
  one: HostileCase,
  suite: Suite,
  zip: Buffer,
): Promise<Outcome> {
  const view = bench.without === "student-view" ? openView : realView;
  let graded = await outcomeOf(() => bench.grade(zip, suite));
  if (typeof graded === "string") {
    const right = one.refused !== undefined && graded === `refused: ${one.refused}`;
    return { got: graded, wrong: right ? [] : ["not expected"], leaks: [] };
  }
  const views = [shownOf(graded, view)];
  const leaks = leaksIn(graded, views[0]!);
  if (one.replay || one.leak) {
    const second = one.replay ? await withRecorded(one, graded.report) : zip;
    const again = await outcomeOf(() => bench.grade(second, suite));
    if (typeof again === "string") return { got: again, wrong: ["the second time"], leaks };
    const shown = shownOf(again, view);
    leaks.push(...leaksIn(again, shown));
    if (one.leak && fingerprint(shown) !== fingerprint(views[0]!)) leaks.push("other inputs, another view");
    if (one.replay) graded = again;
  }
  return { got: wordsOf(graded), wrong: differences(one, graded.report), leaks: [...new Set(leaks)] };
}

function differences(one: HostileCase, report: Report): string[] {
  const wrong = report.tests.flatMap(({ name, verdict }) => {
    const words = [one.tests[name] ?? "passed"].flat();
    return words.includes(verdict) ? [] : [`${name.slice(5)} is ${verdict}`];
  });
  const scores = [one.score ?? []].flat();
  if (!scores.includes(report.score / 100)) wrong.push(`${report.score / 100} points`);
  if (report.max !== 10_000) wrong.push(`of ${report.max / 100}`);
  if (activeText(report).length > 0) wrong.push("text that a terminal obeys");
  return wrong;
}

/** The first attempt's printed text goes into the next submission. */
async function withRecorded(one: HostileCase, report: Report): Promise<Buffer> {
  const printed = report.tests.map(({ stdout }) => stdout).join("");
  const files = await readFolder(`${one.folder}/submission`);
  return zipOf([...files, { path: "recorded.txt", bytes: Buffer.from(printed) }]);
}

/** Grades honest submissions one after the other until it is stopped. */
function gradeBeside(bench: HostileBench, suite: Suite, zip: Buffer) {
  const state = { on: true };
  const graded: (Graded | string)[] = [];
  const work = (async () => {
    while (state.on) graded.push(await outcomeOf(() => bench.grade(zip, suite)));
  })();
  const stop = async () => {
    state.on = false;
    await work;
    return graded;
  };
  return { stop };
}

async function outcomeOf(grade: () => Promise<Graded>): Promise<Graded | string> {
  try {
    return await grade();
  } catch (error) {
    if (error instanceof UserError) return `refused: ${error.code}`;
    return `fault: ${(error as Error).message}`;
  }
}

function wordsOf(graded: Graded | string): string {
  if (typeof graded === "string") return graded;
  const { tests, score } = graded.report;
  const odd = tests.filter(({ verdict }) => verdict !== "passed");
  return [`${score / 100} points`, ...odd.map(({ name, verdict }) => `${name.slice(5)} ${verdict}`)].join(
    ", ",
  );
}

// ── a case's files ──

interface Archives {
  hostile(): ZipSpec | Buffer;
  twin(): ZipSpec | Buffer;
}

async function zipsOf({ folder }: HostileCase): Promise<{ hostile: Buffer; twin: Buffer }> {
  if (existsSync(`${folder}/archive.ts`)) {
    const { hostile, twin } = (await import(`${folder}/archive.ts`)) as Archives;
    const made = (zip: ZipSpec | Buffer) => (Buffer.isBuffer(zip) ? zip : buildZip(zip));
    return { hostile: made(hostile()), twin: made(twin()) };
  }
  const [hostile, twin] = await Promise.all(
    ["submission", "twin"].map(async (part) => zipOf(await readFolder(`${folder}/${part}`))),
  );
  return { hostile: hostile!, twin: twin! };
}

async function suiteFor(bench: HostileBench, { folder, limits }: HostileCase): Promise<Suite> {
  const over = existsSync(`${folder}/suite`) ? await readFolder(`${folder}/suite`) : [];
  if (!limits) return bench.suite(over);
  const settings = parse(bench.suiteFiles.find(({ path }) => path === "grader.yaml")!.bytes.toString("utf8"));
  const changed = stringify({ ...settings, limits: { ...settings.limits, ...limits } });
  return bench.suite([...over, { path: "grader.yaml", bytes: Buffer.from(changed) }]);
}

// ── a suite's settings ──

async function judgeSuite(bench: HostileBench, one: HostileCase): Promise<Outcome> {
  const settings = (name: string): SuiteFile[] => [
    { path: "grader.yaml", bytes: readFileSync(`${one.folder}/${name}`) },
  ];
  const refusal = refusalOf(() => bench.suite(settings("grader.yaml")));
  const twin = refusalOf(() => bench.suite(settings("twin.yaml")));
  const unnamed = (one.suite_refused ?? []).filter(
    (name) => !refusal?.toLowerCase().includes(name.toLowerCase()),
  );
  const wrong = [
    ...(refusal === null ? ["accepted"] : unnamed.map((name) => `it does not name ${name}: ${refusal}`)),
    ...(twin === null ? [] : [`twin: ${twin}`]),
  ];
  return { got: refusal === null ? "suite accepted" : "suite refused", wrong, leaks: [] };
}

function refusalOf(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof SuiteError) return error.message;
    throw error;
  }
}

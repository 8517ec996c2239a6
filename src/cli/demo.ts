// `assay demo`: the whole way on this machine: Docker, images, database, server and worker as processes of their
// own, a course with its people, and every suite's reference, starter and mutants handed in as real ZIPs.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Command } from "commander";
import { filesUnder, mutantFiles, readSuite, type Suite, type SuiteFile } from "../judge/read-suite.ts";
import { asksForDevice } from "../judge/suite.ts";
import { ensureImages } from "../sandbox/images.ts";
import { zipOf } from "../storage/zip-write.ts";
import type { ClientSettings } from "./client/settings.ts";
import { openStandIn, type StandIn, throughDevices } from "./demo/devices.ts";
import { type Cast, fallback, formGroups, liveThrough } from "./demo/life.ts";
import { type Running, startProcesses } from "./demo/processes.ts";
import {
  type Graded,
  handIn,
  type Login,
  makeCourse,
  publishSuite,
  reportOf,
  signIn,
} from "./demo/session.ts";
import { complaint, type DemoRow, tableText } from "./demo/table.ts";
import { ensureDocker } from "./doctor/start-engine.ts";

interface DemoOptions {
  exit?: boolean;
  json?: boolean;
  suite?: string[];
  port: string;
}

interface Handed {
  suite: Suite;
  kind: DemoRow["kind"];
  name: string;
  files: SuiteFile[];
  expected: string[] | null;
}

const GRADERS = fileURLToPath(new URL("../../graders", import.meta.url));
const ENTRY = fileURLToPath(new URL("../../bin/assay.mjs", import.meta.url));
const POLL_MS = 200;

/** Exit codes: 0 every row is as it should be, 1 one is not (said), 3 we failed. */
export function demoCommand(): Command {
  return new Command("demo")
    .description("run the whole of Assay on this machine with a course, people and submissions")
    .option("--exit", "end when the table is printed instead of serving on")
    .option("--json", "print the rows as one JSON document, alone on stdout")
    .option("--suite <names...>", "only these suites")
    .option("--port <port>", "where to serve", "8080")
    .action(async (options: DemoOptions) => {
      process.exitCode = await demo(options);
    });
}

async function demo(options: DemoOptions): Promise<number> {
  const say = (line: string) => console.error(line);
  const suites = await readSuites(options.suite);
  await ensureDocker({ yes: !process.stdin.isTTY, onProgress: say });
  await ensureImages([...new Set(suites.map(({ suite }) => suite.config.image))], say);
  const home = join(process.env.ASSAY_HOME || ".assay", "demo");
  await rm(home, { recursive: true, force: true });
  const logins = people();
  const wantsDevices = suites.some(({ suite }) => asksForDevice(suite.config));
  const standIn = wantsDevices ? openStandIn(resolve(`${home}-gpu-engine`), say) : null;
  const running = await startProcesses(home, Number(options.exit ? 0 : options.port));
  try {
    const { rows, complaints } = await play({ running, home, standIn }, suites, logins, say);
    if (options.json) console.log(JSON.stringify({ rows }));
    else console.log(tableText(rows));
    for (const line of complaints) say(`not as it should be: ${line}`);
    if (!options.exit) await serveOn(running, logins, say);
    return complaints.length === 0 ? 0 : 1;
  } finally {
    await running.stop();
    await standIn?.stop();
  }
}

async function readSuites(names: string[] | undefined) {
  const folders = names ?? (await readdir(GRADERS)).sort();
  return Promise.all(
    folders.map(async (name) => ({
      folder: join(GRADERS, name),
      suite: await readSuite(join(GRADERS, name)),
    })),
  );
}

/** Invented, as everybody here. */
const STUDENTS = ["林晚舟", "Robin Hale", "王思齐", "Samira Doyle", "陈牧野", "Oliver Brandt"];

function people(): Login[] {
  const person = (role: Login["role"], name: string, user: string) => ({
    role,
    name,
    email: `${user}@example.edu`,
    password: randomBytes(9).toString("base64url"),
  });
  return [
    person("admin", "Adrian Keller", "admin"),
    person("instructor", "沈知远", "instructor"),
    person("ta", "Maya Lindqvist", "ta"),
    person("ta", "顾亦辰", "ta2"),
    ...STUDENTS.map((name, at) => person("student", name, `student${at + 1}`)),
  ];
}

interface Stage {
  running: Running;
  home: string;
  /** Null where no suite asks for a device. */
  standIn: StandIn | null;
}

async function play(
  { running: { url }, home, standIn }: Stage,
  suites: { folder: string; suite: Suite }[],
  logins: Login[],
  say: (line: string) => void,
): Promise<{ rows: DemoRow[]; complaints: string[] }> {
  const of = (role: Login["role"]) => logins.filter((login) => login.role === role);
  await makeAdmin(home, of("admin")[0]!, url);
  await makeCourse(await signIn(url, of("admin")[0]!), logins);
  const instructor = await signIn(url, of("instructor")[0]!);
  const students = await Promise.all(of("student").map((login) => signIn(url, login)));
  const tas = await Promise.all(of("ta").map((login) => signIn(url, login)));
  const cast = { instructor, students, tas };
  const has = (id: string) => suites.some(({ suite }) => suite.config.id === id);
  const rows: DemoRow[] = [];
  const complaints: string[] = [];
  for (const { folder, suite } of suites) {
    await publishSuite(instructor, folder, suite);
    if (suite.config.id === "final-t2i") await formGroups(cast);
    if (asksForDevice(suite.config)) await fallback(instructor, suite.config.id, true);
    const handed = toHandIn(suite);
    say(`${suite.config.id}: ${handed.length} submissions`);
    for (const row of await grade(handed, instructor, students)) {
      rows.push(row.row);
      const wrong = complaint(row.row, suite.config.starter_max, row.expected);
      if (wrong) complaints.push(wrong);
    }
  }
  const forDevices = suites.find(({ suite }) => asksForDevice(suite.config));
  if (forDevices && standIn) {
    const { row, wrong } = await onDevice(cast, home, forDevices.suite, standIn, rows, say);
    if (row) rows.splice(rows.findLastIndex((one) => one.suite === row.suite) + 1, 0, row);
    if (wrong) complaints.push(wrong);
  }
  if (has("hw1-cnn")) await liveThrough(cast, say);
  return { rows, complaints };
}

/** The same reference once more through the queue for GPUs; nothing where this machine's own took it already. */
async function onDevice(
  cast: Cast,
  home: string,
  suite: Suite,
  standIn: StandIn,
  rows: DemoRow[],
  say: (line: string) => void,
): Promise<{ row?: DemoRow; wrong?: string | null }> {
  if (rows.some(({ gpu }) => gpu)) return {};
  if (standIn.why) {
    say(`${suite.config.id}: not shown through the queue for GPUs: ${standIn.why}`);
    return {};
  }
  say(`${suite.config.id}: the reference once more, through the queue for GPUs`);
  try {
    const handed = { suite, kind: "reference" as const, name: "reference, GPU queue" };
    const row = rowOf(handed, await throughDevices(cast, home, suite, standIn));
    return { row, wrong: row.gpu ? complaint(row, 0, []) : `${row.submission}: its report names no device` };
  } catch (error) {
    return { wrong: `${suite.config.id} through the queue for GPUs: ${(error as Error).message}` };
  }
}

/** The first administrator comes from the machine itself, as in every installation. */
async function makeAdmin(home: string, { email, name, password }: Login, url: string): Promise<void> {
  await promisify(execFile)(process.execPath, [ENTRY, "admin", "create", email, "--name", name], {
    env: { ...process.env, ASSAY_HOME: home, ASSAY_PASSWORD: password, PUBLIC_URL: url },
  });
}

function toHandIn(suite: Suite): Handed[] {
  const reference = filesUnder(suite.files, "reference");
  const starter = filesUnder(suite.files, "starter");
  // A student hands the starter in with whatever else is required (a report, say).
  const lacking = suite.config.files.required.filter((path) => !starter.some((file) => file.path === path));
  const completed = [...starter, ...reference.filter(({ path }) => lacking.includes(path))];
  return [
    { suite, kind: "reference", name: "reference", files: reference, expected: [] },
    { suite, kind: "starter", name: "starter", files: completed, expected: null },
    ...suite.mutants.map((mutant) => ({
      suite,
      kind: "mutant" as const,
      name: mutant.name,
      files: mutantFiles(suite, mutant),
      expected: mutant.fails,
    })),
  ];
}

/** The students hand in beside each other, each one thing after the other; then every report is waited for. */
async function grade(handed: Handed[], instructor: ClientSettings, students: ClientSettings[]) {
  const ids: string[] = [];
  await Promise.all(
    students.map(async (student, which) => {
      for (let at = which; at < handed.length; at += students.length) {
        const { suite, name, files } = handed[at]!;
        ids[at] = await handIn(student, suite.config.id, await zipOf(files), name);
      }
    }),
  );
  const rows: { row: DemoRow; expected: string[] | null }[] = [];
  for (const [at, one] of handed.entries()) {
    let report = await reportOf(instructor, ids[at]!);
    for (; report === null; report = await reportOf(instructor, ids[at]!)) await sleep(POLL_MS);
    rows.push({ row: rowOf(one, report), expected: one.expected });
  }
  return rows;
}

function rowOf({ suite, name, kind }: Pick<Handed, "suite" | "name" | "kind">, report: Graded): DemoRow {
  const { startedAt, finishedAt, refused } = report.attempt;
  const { gpu, reduced } = report.circumstances ?? {};
  return {
    suite: suite.config.id,
    submission: name,
    kind,
    score: report.score / 100,
    max: report.max / 100,
    failed: report.tests
      .filter((test) => test.score < test.max || (refused && test.verdict !== "passed"))
      .map((test) => test.name),
    refused,
    wall_ms: new Date(finishedAt ?? 0).getTime() - new Date(startedAt ?? 0).getTime(),
    gpu: gpu ? { name: gpu.name, id: gpu.id ?? "" } : null,
    reduced: reduced ?? false,
    gallery: report.tests.flatMap(({ artifacts }) => artifacts).filter(isPicture).length,
  };
}

const isPicture = ({ mediaType }: { mediaType: string }) => mediaType.startsWith("image/");

async function serveOn(running: Running, logins: Login[], say: (line: string) => void): Promise<void> {
  say(`\nAssay serves at ${running.url}`);
  for (const { role, email, password } of logins) say(`  ${role.padEnd(11)} ${email.padEnd(26)} ${password}`);
  say("Ctrl+C ends it.");
  const told = new Promise<string>((resolve) => {
    process.once("SIGINT", () => resolve("")).once("SIGTERM", () => resolve(""));
  });
  const why = await Promise.race([told, running.ended]);
  if (why) say(why);
}

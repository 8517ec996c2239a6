// `assay course import ASSIGNMENT DOWNLOAD`: everybody's submissions from Gradescope, Canvas or Moodle. It looks first;
// with --apply it hands in, one submission at a time, and may be run again: what is here stays once.
import { openAsBlob } from "node:fs";
import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { z } from "zod";
import { readZoned } from "../assignments/zoned.ts";
import { inert } from "../judge/inert.ts";
import { ConfigError } from "../platform/config.ts";
import { UserError } from "../platform/errors.ts";
import type { Words } from "../storage/errors.ts";
import type { Download } from "../submissions/moving-in/download.ts";
import { type NotTaken, type Plan, type Planned, planImport } from "../submissions/moving-in/plan.ts";
import { readDownload } from "../submissions/moving-in/read.ts";
import { joinSheets, readSheet } from "../submissions/moving-in/sheet.ts";
import type { Source } from "../submissions/moving-in/source.ts";
import { answerOf, ask, exitCodeOf, send, Unreachable } from "./client/api.ts";
import {
  type ClientOptions,
  type ClientSettings,
  clientSettings,
  languageOf,
  withServerOptions,
} from "./client/settings.ts";
import { openDownload } from "./download-folder.ts";

interface ImportOptions extends ClientOptions {
  people?: string[];
  receivedAt?: string;
  timeZone?: string;
  apply?: boolean;
  json?: boolean;
}

const assignmentAnswer = z.looseObject({ id: z.uuid(), courseId: z.uuid(), groupSetId: z.uuid().nullable() });
const courseAnswer = z.looseObject({ timeZone: z.string() });
const person = z.looseObject({
  personId: z.uuid(),
  name: z.string(),
  email: z.string(),
  studentNumber: z.string().nullable(),
});
const moved = z.looseObject({ origin: z.string() });
const receipt = z.looseObject({ id: z.uuid(), repeated: z.boolean() });

export function courseImportCommand(): Command {
  return withServerOptions(new Command("import"))
    .description("move submissions here from a download of Gradescope, Canvas or Moodle (instructors)")
    .argument("<assignment>", "course and assignment, such as mml-2026/hw4-dtw, or an id")
    .argument("<download>", "the ZIP as it was downloaded, or the folder unpacked of it")
    .option(
      "--people <file...>",
      "who is who and when they handed in: Moodle's grading worksheet, Canvas's gradebook export, Canvas's submissions as JSON",
    )
    .option("--received-at <moment>", "when those were handed in whose time the download does not say")
    .option("--time-zone <name>", "in which the download's times are written; the course's by default")
    .option("--apply", "hand them in; without it, only what would be done is shown")
    .option("--json", "print what is done, or would be, as JSON")
    .action(async (assignment: string, download: string, options: ImportOptions) => {
      process.exitCode = await exitCodeOf(options.json ?? false, languageOf(options), () =>
        run(assignment, download, options),
      );
    });
}

async function run(assignment: string, place: string, options: ImportOptions): Promise<number> {
  const settings = await clientSettings(options);
  const there = await readTarget(settings, assignment, options);
  const source = await openDownload(place);
  try {
    const sheets = [];
    for (const file of options.people ?? []) sheets.push(await sheetOf(file, there.timeZone));
    const download = await readDownload(source, joinSheets(sheets));
    const plan = planImport(download, there);
    const done = options.apply ? await apply(settings, there.id, source, plan, options.json ?? false) : null;
    tell(options, download, plan, done);
    return plan.not.length + (done?.refused.length ?? 0) > 0 ? 1 : 0;
  } finally {
    await source.close();
  }
}

const refOf = (assignment: string) => encodeURIComponent(assignment.replace("/", "."));

/** The assignment that takes them: its roster, what is there, how its times are written. */
async function readTarget(settings: ClientSettings, assignment: string, options: ImportOptions) {
  const { id, courseId, groupSetId } = await ask(
    settings,
    `/api/v1/assignments/${refOf(assignment)}`,
    assignmentAnswer,
  );
  const course = await ask(settings, `/api/v1/courses/${courseId}`, courseAnswer);
  const timeZone = options.timeZone ?? course.timeZone;
  const receivedAt = options.receivedAt === undefined ? null : readZoned(options.receivedAt, timeZone);
  if (options.receivedAt !== undefined && receivedAt === null)
    throw new ConfigError("--received-at takes a moment, as 2026-11-25T23:59");
  const roster = await allOf(settings, `/api/v1/courses/${courseId}/roster`, person);
  const known = new Set(
    (await allOf(settings, `/api/v1/assignments/${id}/moved-in`, moved)).map(({ origin }) => origin),
  );
  return { id, timeZone, receivedAt, roster, known, groups: groupSetId !== null };
}

async function allOf<T>(settings: ClientSettings, path: string, item: z.ZodType<T>): Promise<T[]> {
  const schema = z.object({ items: z.array(item), next: z.string().nullable() });
  const items: T[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const query: string = after === "" ? "" : `?after=${encodeURIComponent(after)}`;
    const page: z.infer<typeof schema> = await ask(settings, `${path}${query}`, schema);
    items.push(...page.items);
    after = page.next;
  }
  return items;
}

async function sheetOf(file: string, timeZone: string) {
  try {
    return readSheet(await readFile(file), timeZone);
  } catch (error) {
    throw new ConfigError(`${file}: ${(error as Error).message}`);
  }
}

interface Done {
  added: number;
  repeated: number;
  refused: Pick<NotTaken, "origin" | "who" | "why">[];
}

/** One after the other, so that their numbers follow their times; what is refused stops nobody else's. */
async function apply(
  settings: ClientSettings,
  assignmentId: string,
  source: Source,
  plan: Plan,
  quiet: boolean,
): Promise<Done> {
  const done: Done = { added: 0, repeated: 0, refused: [] };
  for (const [at, planned] of plan.take.entries()) {
    try {
      const { repeated } = await handIn(settings, assignmentId, source, planned);
      if (repeated) done.repeated++;
      else done.added++;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const who = planned.person.name;
      const why = { en: error.sentence("en"), zh: error.sentence("zh") };
      done.refused.push({ origin: planned.origin, who, why });
    }
    if (!quiet && process.stderr.isTTY) process.stderr.write(`\r${at + 1} / ${plan.take.length}`);
  }
  if (!quiet && process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  return done;
}

async function handIn(settings: ClientSettings, assignmentId: string, source: Source, planned: Planned) {
  const zip = await source.zipOf(planned.files);
  const query = new URLSearchParams({
    person: planned.person.personId,
    members: planned.members.map(({ personId }) => personId).join(","),
    receivedAt: planned.receivedAt.toISOString(),
    origin: planned.origin,
    name: zip.name,
  });
  const path = `/api/v1/assignments/${assignmentId}/moved-in?${query}`;
  const options = { body: await openAsBlob(zip.path), type: "application/zip" };
  for (let tries = 1; ; tries++) {
    try {
      return await answerOf(await send(settings, path, options), receipt);
    } catch (error) {
      if (!(error instanceof Unreachable) || tries === 3) throw error;
    }
  }
}

function tell(options: ImportOptions, download: Download, plan: Plan, done: Done | null): void {
  const { take, not } = plan;
  const { leftOut, system } = download;
  const lang = languageOf(options);
  if (options.json) {
    const shown = take.map(({ files, person, members, ...one }) => {
      return {
        ...one,
        person: person.email,
        members: members.map(({ email }) => email),
        files: files.length,
      };
    });
    const saying = <T extends { why: Words }>(one: T) => ({ ...one, why: one.why[lang] });
    const notTaken = not.map(({ unmatched, ...one }) => saying(one));
    const ended = done && { ...done, refused: done.refused.map(saying) };
    console.log(
      JSON.stringify({ system, take: shown, notTaken, leftOut: leftOut.map(saying), done: ended }, null, 2),
    );
    return;
  }
  if (done === null) for (const planned of take) console.log(lineOf(planned));
  const here = take.filter(({ known }) => known).length;
  if (done === null)
    console.log(
      `${take.length} submissions from ${system} would be taken in; ${here} of them are here already.`,
    );
  else console.log(`${done.added} submissions taken in, ${done.repeated} were here already.`);
  for (const { who, origin, why } of [...not, ...(done?.refused ?? [])])
    console.log(`not taken: ${inert(who)} (${inert(origin)}): ${inert(why[lang])}`);
  for (const { path, why } of leftOut) console.log(`left out: ${inert(path)}: ${why[lang]}`);
  if (not.some(({ code }) => code.endsWith("untimed")))
    console.log(
      "When they came: --people FILE (a grading worksheet, Canvas's JSON), or --received-at MOMENT for all.",
    );
  if (done === null && take.length > 0) console.log("Nothing was written. With --apply they are handed in.");
}

function lineOf({ person, by, members, receivedAt, assumed, known, files }: Planned): string {
  const names = [person, ...members].map(({ name, email }) => `${inert(name)} <${inert(email)}>`).join(", ");
  const notes = [
    ...(by === "email" ? [] : [`matched by ${by}`]),
    ...(assumed ? ["time assumed"] : []),
    ...(known ? ["here already"] : []),
  ];
  const said = notes.length > 0 ? ` (${notes.join("; ")})` : "";
  return `${receivedAt.toISOString()}  ${names}  ${files.length} files${said}`;
}

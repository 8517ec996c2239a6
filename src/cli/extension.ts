// `assay extension ask|list|answer|import`: through the API, as whoever is signed in.
import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { z } from "zod";
import { inert } from "../judge/inert.ts";
import { ConfigError } from "../platform/config.ts";
import { answerOf, ask, exitCodeOf, send } from "./client/api.ts";
import { type ClientOptions, clientSettings, languageOf, withServerOptions } from "./client/settings.ts";

interface Options extends ClientOptions {
  json?: boolean;
  reason?: string;
  until?: string;
  refuse?: boolean;
  words?: string;
}

const request = z.looseObject({
  id: z.string(),
  person: z.looseObject({ name: z.string(), email: z.string() }),
  wantedAt: z.string(),
  state: z.string(),
  reason: z.string(),
  grantedUntil: z.string().nullable(),
});

export function extensionCommand(): Command {
  const extension = new Command("extension").description("ask for another due date, answer, extend for many");
  const add = (name: string, description: string) =>
    withServerOptions(new Command(name))
      .description(description)
      .option("--json", "print the answer as JSON");
  extension.addCommand(
    add("ask", "ask for another due date")
      .argument("<assignment>", "course and assignment, such as mml-2026/hw4-dtw, or an id")
      .requiredOption("--until <moment>", "as 2026-11-25T23:59:00+08:00")
      .requiredOption("--reason <text>", "why; staff of the course read it")
      .action((assignment: string, options: Options) => run(options, () => askFor(assignment, options))),
  );
  extension.addCommand(
    add("list", "your requests; for staff everybody's")
      .argument("<assignment>", "course and assignment, or an id")
      .action((assignment: string, options: Options) => run(options, () => list(assignment, options))),
  );
  extension.addCommand(
    add("answer", "grant or refuse a request (staff)")
      .argument("<request>", "its id, from `assay extension list`")
      .option("--until <moment>", "grant until then")
      .option("--refuse", "refuse it")
      .option("--words <text>", "what to say to whoever asked", "")
      .action((id: string, options: Options) => run(options, () => answer(id, options))),
  );
  extension.addCommand(
    add("import", "extend for many, from CSV: email, due (instructors)")
      .argument("<assignment>", "course and assignment, or an id")
      .argument("<csv>", "the file; dates without an offset are in the course's time zone")
      .requiredOption("--reason <text>", "why")
      .action((assignment: string, csv: string, options: Options) =>
        run(options, () => importFile(assignment, csv, options)),
      ),
  );
  return extension;
}

async function run(options: Options, work: () => Promise<number>): Promise<void> {
  process.exitCode = await exitCodeOf(options.json ?? false, languageOf(options), work);
}

const refOf = (assignment: string) => encodeURIComponent(assignment.replace("/", "."));

/** @throws ConfigError where it is no moment with an offset */
function momentOf(text: string | undefined): string {
  const at = new Date(text ?? "");
  if (!/(Z|[+-]\d{2}:\d{2})$/.test(text ?? "") || Number.isNaN(at.getTime())) {
    throw new ConfigError(`${text ?? ""} is no moment: write it as 2026-11-25T23:59:00+08:00`);
  }
  return at.toISOString();
}

function tell(options: Options, answer: unknown, words: string): number {
  console.log(options.json ? JSON.stringify(answer, null, 2) : words);
  return 0;
}

async function askFor(assignment: string, options: Options): Promise<number> {
  const settings = await clientSettings(options);
  const path = `/api/v1/assignments/${refOf(assignment)}/extension-requests`;
  const json = { wantedAt: momentOf(options.until), reason: options.reason };
  const made = await ask(settings, path, z.looseObject({ id: z.string() }), { json });
  return tell(options, made, `Asked (${made.id}).`);
}

async function list(assignment: string, options: Options): Promise<number> {
  const settings = await clientSettings(options);
  const path = `/api/v1/assignments/${refOf(assignment)}/extension-requests`;
  const { items } = await ask(settings, path, z.looseObject({ items: z.array(request) }));
  const lines = items.map(({ id, state, person, wantedAt, grantedUntil, reason }) =>
    [id, state, inert(person.email), grantedUntil ?? wantedAt, inert(reason)].join("\t"),
  );
  return tell(options, items, lines.length === 0 ? "No requests." : lines.join("\n"));
}

async function answer(id: string, options: Options): Promise<number> {
  if ((options.until === undefined) === !options.refuse) {
    throw new ConfigError("say --until MOMENT to grant it, or --refuse");
  }
  const settings = await clientSettings(options);
  const json = { until: options.refuse ? null : momentOf(options.until), answer: options.words ?? "" };
  const response = await send(settings, `/api/v1/extension-requests/${encodeURIComponent(id)}/answer`, {
    json,
  });
  if (!response.ok) await answerOf(response, z.never());
  return tell(options, { answered: true }, options.refuse ? "Refused." : "Granted.");
}

async function importFile(assignment: string, csv: string, options: Options): Promise<number> {
  const settings = await clientSettings(options);
  const query = `reason=${encodeURIComponent(options.reason ?? "")}`;
  const path = `/api/v1/assignments/${refOf(assignment)}/extensions?${query}`;
  const schema = z.looseObject({ granted: z.int(), kept: z.array(z.string()) });
  const made = await ask(settings, path, schema, { body: await readFile(csv), type: "text/csv" });
  const kept = made.kept.map((email) => `  ${inert(email)} has as late a date already`);
  return tell(options, made, [`Extended for ${made.granted}.`, ...kept].join("\n"));
}

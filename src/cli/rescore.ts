// `assay rescore ASSIGNMENT RULES.json`: other points for results that are stored. Shows who changes how, and changes
// nothing before it is told to.
import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { z } from "zod";
import { inert } from "../judge/inert.ts";
import { ConfigError } from "../platform/config.ts";
import { ask, exitCodeOf } from "./client/api.ts";
import { type ClientOptions, clientSettings, languageOf, withServerOptions } from "./client/settings.ts";

interface Options extends ClientOptions {
  apply?: boolean;
  undo?: boolean;
  reason?: string;
  json?: boolean;
}

const sum = z.object({ score: z.int(), max: z.int() });
const preview = z.looseObject({
  looked: z.int(),
  up: z.int(),
  down: z.int(),
  basis: z.string(),
  lines: z.array(z.looseObject({ email: z.string(), number: z.int(), before: sum, after: sum })),
});

export function rescoreCommand(): Command {
  return withServerOptions(new Command("rescore"))
    .description("change what tests are worth, over results that are stored (instructors)")
    .argument("<assignment>", "course and assignment, such as mml-2026/hw4-dtw, or an id")
    .argument("[rules]", "a JSON file: points, drop, full, bonus, bands; points in hundredths")
    .option("--apply", "change the points, after the preview; needs --reason")
    .option("--reason <text>", "why; it is kept in the log")
    .option("--undo", "take the newest change back")
    .option("--json", "print the answer as JSON")
    .action(async (assignment: string, rules: string | undefined, options: Options) => {
      const json = options.json ?? false;
      process.exitCode = await exitCodeOf(json, languageOf(options), () => run(assignment, rules, options));
    });
}

async function run(assignment: string, file: string | undefined, options: Options): Promise<number> {
  const settings = await clientSettings(options);
  const path = `/api/v1/assignments/${encodeURIComponent(assignment.replace("/", "."))}/score-rules`;
  const changed = z.looseObject({ changed: z.int() });
  if (options.undo) {
    const answer = await ask(settings, path, changed, { method: "DELETE" });
    return tell(options, answer, `Undone; results changed: ${answer.changed}.`);
  }
  if (file === undefined) throw new ConfigError("name the file with the rules, or say --undo");
  if (options.apply && !options.reason) throw new ConfigError("say why: --reason TEXT");
  const rules: unknown = JSON.parse(await readFile(file, "utf8"));
  const seen = await ask(settings, `${path}/preview`, preview, { json: rules });
  if (!options.apply) return tell(options, seen, previewText(seen));
  const wish = { rules, reason: options.reason, basis: seen.basis };
  const answer = await ask(settings, path, changed, { json: wish });
  return tell(options, answer, `Changed; results changed: ${answer.changed}. Undo with --undo.`);
}

function previewText({ looked, up, down, lines }: z.infer<typeof preview>): string {
  const points = ({ score, max }: z.infer<typeof sum>) => `${score / 100} / ${max / 100}`;
  const shown = lines.map(({ email, number, before, after }) =>
    [inert(email), number, points(before), points(after)].join("\t"),
  );
  return [
    ...shown,
    `Results: ${looked}; more points: ${up}; fewer: ${down}. Nothing has changed: --apply.`,
  ].join("\n");
}

function tell(options: Options, answer: unknown, words: string): number {
  console.log(options.json ? JSON.stringify(answer, null, 2) : words);
  return 0;
}

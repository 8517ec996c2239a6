// The corpus as data: a folder a case, each with what is tried, what must come of it, and an honest twin.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import { verdict } from "../../src/judge/report.ts";
import { type ControlName, controlNames } from "./controls.ts";

const CASES = fileURLToPath(new URL("cases/", import.meta.url));

const expectation = z.strictObject({
  tries: z.string(),
  group: z.enum([
    "archive",
    "harness",
    "frames",
    "hidden",
    "resources",
    "network",
    "host",
    "documents",
    "staff",
  ]),
  /** The code with which the upload is refused. */
  refused: z.string().optional(),
  /** What the refusal of a grader.yaml must name. */
  suite_refused: z.array(z.string()).optional(),
  /** Verdict words of the tests that do not pass; one of several where an input or the machine decides. */
  tests: z.record(z.string(), z.union([verdict, z.array(verdict)])).default({}),
  score: z.union([z.number(), z.array(z.number())]).optional(),
  /** Controls without which this case fails. */
  controls: z.array(z.enum(controlNames as [ControlName, ...ControlName[]])).default([]),
  /** Graded twice with other inputs: what a student sees must be the same, byte for byte. */
  leak: z.boolean().default(false),
  /** Graded again with all that the first attempt printed. */
  replay: z.boolean().default(false),
  /** An honest submission is graded meanwhile. */
  neighbour: z.boolean().default(false),
  /** Instead of the suite's own. */
  limits: z.record(z.string(), z.string()).optional(),
});
export type Expectation = z.infer<typeof expectation>;

export interface HostileCase extends Expectation {
  name: string;
  folder: string;
}

/** Every case by name. */
export function readCases(): HostileCase[] {
  return readdirSync(CASES)
    .filter((name) => existsSync(`${CASES}${name}/expect.yaml`))
    .sort()
    .map((name) => {
      const folder = `${CASES}${name}`;
      const read = expectation.safeParse(parse(readFileSync(`${folder}/expect.yaml`, "utf8")));
      if (!read.success) throw new Error(`${name}/expect.yaml: ${z.prettifyError(read.error)}`);
      return { name, folder, ...read.data };
    });
}

/** What must come of it, in a few words. */
export function expectedWords({ refused, suite_refused, tests, score }: Expectation): string {
  if (refused) return `refused: ${refused}`;
  if (suite_refused) return "suite refused";
  const odd = Object.entries(tests).map(([name, word]) => `${name.slice(5)} ${[word].flat().join("/")}`);
  return [`${[score ?? "?"].flat().join("/")} points`, ...odd].join(", ");
}

// The runs that a suite's proof is made of, and how their reports become what judge/proof.ts weighs. Pure but for the
// secrets. `assay suite validate` makes the runs at once (validate.ts), a server makes an attempt of each
// (suites/prove.ts): what is run, and what it means, stands here alone.
import { randomBytes } from "node:crypto";
import { adversaryFiles, adversaryNames } from "./adversaries.ts";
import type { ProofRuns } from "./proof.ts";
import { filesUnder, mutantFiles, type Suite, type SuiteFile } from "./read-suite.ts";
import type { Report } from "./report.ts";
import { alternativeConfig } from "./suite.ts";
import { readYaml } from "./yaml.ts";

export const runKinds = [
  "reference",
  "strict",
  "starter",
  "syntax",
  "mutant",
  "alternative",
  "adversary",
  /** Of a Gradescope autograder: whether its setup.sh makes an image. */
  "setup",
] as const;
export type RunKind = (typeof runKinds)[number];

export interface PlannedRun {
  kind: RunKind;
  /** Of the mutant, alternative or adversary; empty for the others. */
  name: string;
  /** Tests that it should fail. */
  expected: string[];
  /** A mutant that a test must flag to the staff. */
  flagged: boolean;
  files: SuiteFile[];
  /** Keys the tests' inputs in a version's place, so that a proof tells nothing of what students will meet. */
  secret: Buffer;
  /** A factor on every tolerance. */
  tolerance?: number;
  perTestSeconds?: number;
  setupOnly?: true;
}

/** An adversary may hang in every test; this is how long each of its tests gets. */
const ADVERSARY_SECONDS = 2;
const STRICT_TOLERANCE = 0.1;
const SECRET_BYTES = 32;
/** The smallest ZIP there is: an end-of-central-directory record. APPNOTE 4.3.16. */
export const EMPTY_ZIP = Buffer.concat([Buffer.from("PK\x05\x06", "latin1"), Buffer.alloc(18)]);

/** @param seeds how often each mutant and the reference run, each time with another secret. */
export function planOf(suite: Suite, seeds: number): PlannedRun[] {
  const secrets = Array.from({ length: seeds }, () => randomBytes(SECRET_BYTES));
  const secret = secrets[0] ?? randomBytes(SECRET_BYTES);
  const reference = filesUnder(suite.files, "reference");
  const { required } = suite.config.files;
  const once = { name: "", expected: [] as string[], flagged: false, secret };
  if (suite.config.mode === "gradescope") return [{ ...once, kind: "setup", files: [], setupOnly: true }];
  return [
    ...secrets.map((each) => ({ ...once, kind: "reference" as const, files: reference, secret: each })),
    { ...once, kind: "strict", files: reference, tolerance: STRICT_TOLERANCE },
    { ...once, kind: "starter", files: starterFiles(suite, reference) },
    { ...once, kind: "syntax", files: withSyntaxError(required, reference) },
    ...suite.mutants.flatMap((mutant) =>
      secrets.map((each) => ({
        ...{ kind: "mutant" as const, name: mutant.name, expected: mutant.fails, secret: each },
        flagged: mutant.flagged,
        files: mutantFiles(suite, mutant),
      })),
    ),
    ...alternativesOf(suite).map((one) => ({ ...once, ...one, kind: "alternative" as const })),
    ...adversaryNames.map((name) => ({
      ...{ ...once, kind: "adversary" as const, name, perTestSeconds: ADVERSARY_SECONDS },
      files: adversaryFiles(name, required, reference),
    })),
  ];
}

/** What a run is called in a line of progress. */
export function nameOfRun({ kind, name }: Pick<PlannedRun, "kind" | "name">): string {
  return name === "" ? kind : `${kind} ${name}`;
}

/** A run that has been made. */
export interface EndedRun extends Pick<PlannedRun, "kind" | "name" | "expected" | "flagged"> {
  report: Report;
}

export interface ProvedSuite {
  id: string;
  hash: string;
  starterMax: number;
  seeds: number;
}

/** The ended runs in the order of their plan, as a proof weighs them. */
export function proofRunsOf(
  { id, ...suite }: ProvedSuite,
  ended: EndedRun[],
  emptyZip: ProofRuns["emptyZip"],
): ProofRuns {
  const all = (kind: RunKind) => ended.filter((run) => run.kind === kind);
  const only = (kind: RunKind): Report => {
    const [run] = all(kind);
    if (!run) throw new Error(`no run of the ${kind}`);
    return run.report;
  };
  const mutants = Map.groupBy(all("mutant"), ({ name }) => name);
  return {
    ...suite,
    suite: id,
    reference: all("reference").map(({ report }) => report),
    strict: only("strict"),
    starter: only("starter"),
    syntaxError: only("syntax"),
    mutants: [...mutants].map(([name, runs]) => ({
      name,
      expected: runs[0]!.expected,
      flagged: runs[0]!.flagged,
      reports: runs.map(({ report }) => report),
    })),
    alternatives: all("alternative"),
    adversaries: all("adversary"),
    emptyZip,
  };
}

/** A student hands in a starter with whatever else the assignment requires (a report, say). */
function starterFiles(suite: Suite, reference: SuiteFile[]): SuiteFile[] {
  const starter = filesUnder(suite.files, "starter");
  return [...starter, ...lackingFrom(suite, starter, reference)];
}

function lackingFrom({ config }: Suite, own: SuiteFile[], reference: SuiteFile[]): SuiteFile[] {
  const lacking = config.files.required.filter((path) => !own.some((file) => file.path === path));
  return reference.filter(({ path }) => lacking.includes(path));
}

function alternativesOf(suite: Suite) {
  const below = filesUnder(suite.files, "alternatives");
  const names = [...new Set(below.map(({ path }) => path.split("/")[0] ?? ""))];
  return names.map((name) => {
    const files = filesUnder(below, name);
    const own = files.filter(({ path }) => path !== "alternative.yaml");
    const lacking = lackingFrom(suite, own, filesUnder(suite.files, "reference"));
    return { name, expected: mayFail(name, files), files: [...own, ...lacking] };
  });
}

function mayFail(name: string, files: SuiteFile[]): string[] {
  const settings = files.find(({ path }) => path === "alternative.yaml");
  if (!settings) return [];
  const path = `alternatives/${name}/alternative.yaml`;
  return readYaml(path, settings.bytes.toString("utf8"), alternativeConfig).fails;
}

function withSyntaxError(required: readonly string[], reference: SuiteFile[]): SuiteFile[] {
  return reference.map((file) =>
    required.includes(file.path) && file.path.endsWith(".py")
      ? { path: file.path, bytes: Buffer.concat([Buffer.from("def broken(:\n    pass\n"), file.bytes]) }
      : file,
  );
}

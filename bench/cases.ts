// What is graded: the course's own suites and small ones of numpy and torch, each with its reference as the submission.
import { join } from "node:path";
import { filesUnder, readSuite, type Suite } from "../src/judge/read-suite.ts";
import { zipOf } from "../src/storage/zip-write.ts";

const HERE = import.meta.dirname;

export interface Case {
  /** As in the figures' names. */
  name: string;
  kind: "numpy" | "torch";
  folder: string;
  suite: Suite;
  submission: string;
  zip: Buffer;
}

/** @param names as in the figures' names */
export async function loadCases(names: string[]): Promise<Case[]> {
  const graders = join(HERE, "../graders");
  const known = [
    { name: "hw4", kind: "numpy" as const, folder: join(graders, "hw4-dtw") },
    { name: "hw2", kind: "numpy" as const, folder: join(graders, "hw2-rnn") },
    { name: "numpy", kind: "numpy" as const, folder: join(HERE, "suites/numpy-small") },
    { name: "torch", kind: "torch" as const, folder: join(HERE, "suites/torch-small") },
  ];
  return Promise.all(known.filter(({ name }) => names.includes(name)).map(load));
}

export const intakeCase = (): Promise<Case> =>
  load({ name: "intake", kind: "numpy", folder: join(HERE, "suites/intake") });

async function load(given: Pick<Case, "name" | "kind" | "folder">): Promise<Case> {
  const suite = await readSuite(given.folder);
  const files = filesUnder(suite.files, "reference");
  return { ...given, suite, submission: join(given.folder, "reference"), zip: await zipOf(files) };
}

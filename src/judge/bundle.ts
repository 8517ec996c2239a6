// One attempt as a file that anybody on the staff can take away: everything that its grading was made of, and what came
// of it. `assay grade` runs it without a server; `assay debug` opens a shell beside it. The format stands here alone:
// submissions/bundle.ts writes it, cli/open-bundle.ts reads it.
import { z } from "zod";
import { circumstances, type Report, stage, verdict } from "./report.ts";

/** The parts of a bundle: both tars are, byte for byte, what the sandboxes were given. */
export const BUNDLE_PARTS = {
  about: "bundle.json",
  submission: "submission.tar",
  suite: "suite.tar",
  /** Of a Gradescope autograder only. */
  metadata: "submission_metadata.json",
} as const;

const result = z.object({ name: z.string(), verdict, score: z.int(), max: z.int() });
export type BundledResult = z.infer<typeof result>;

export const bundleAbout = z.object({
  format: z.literal(1),
  attempt: z.object({ id: z.string(), run: z.string(), number: z.int(), state: z.string() }),
  /** Why it ended without a result. */
  fault: z.string().nullable(),
  suite: z.object({ id: z.string(), hash: z.string() }),
  /** SHA-256 of submission.tar. */
  archive: z.object({ hash: z.string(), bytes: z.int() }),
  /** Hex of the key that seeds this attempt's tests; the version's secret cannot be had from it. */
  key: z.string().regex(/^[0-9a-f]{64}$/),
  /** What it ran of the suite, where that was not everything. */
  options: z.object({
    stage: z.union([stage, z.array(stage)]).optional(),
    preflight: z.boolean().optional(),
    tests: z.array(z.string()).optional(),
    tolerance: z.number().optional(),
    perTestSeconds: z.number().optional(),
    setupOnly: z.boolean().optional(),
  }),
  /** As they were computed, before any rule about what tests are worth. */
  results: z.array(result),
  circumstances: circumstances.nullable(),
});
export type BundleAbout = z.infer<typeof bundleAbout>;

export interface Compared {
  equal: boolean;
  /** Tests that ended otherwise than before; null where one of the two did not run it. */
  tests: { name: string; before: BundledResult | null; now: BundledResult | null }[];
  /** Words for what was not as it was then: images, cpu, libraries, gpu, limits. */
  otherwise: string[];
}

/** What a new run of a bundle says of the stored one. @param ran the tests that the new run was to run; null for all */
export function compareWithBundle(about: BundleAbout, report: Report, ran: string[] | null = null): Compared {
  const before = new Map(about.results.map((one) => [one.name, one]));
  const now = new Map(
    report.tests.map(({ name, verdict, score, max }) => [name, { name, verdict, score, max }]),
  );
  const names = [...new Set([...before.keys(), ...now.keys()])].filter((name) => ran?.includes(name) ?? true);
  const tests = names
    .map((name) => ({ name, before: before.get(name) ?? null, now: now.get(name) ?? null }))
    .filter((pair) => !same(pair.before, pair.now));
  return { equal: tests.length === 0, tests, otherwise: otherwise(about, report) };
}

const same = (one: BundledResult | null, other: BundledResult | null): boolean =>
  one !== null &&
  other !== null &&
  one.verdict === other.verdict &&
  one.score === other.score &&
  one.max === other.max;

function otherwise({ circumstances: before }: BundleAbout, { circumstances: now }: Report): string[] {
  if (!before) return [];
  const differ = (one: unknown, other: unknown) =>
    JSON.stringify(one ?? null) !== JSON.stringify(other ?? null);
  const sorted = (libraries: Record<string, string>) => Object.entries(libraries).sort();
  return [
    ...(differ(before.imageDigests.student, now.imageDigests.student) ? ["student image"] : []),
    ...(differ(before.imageDigests.harness, now.imageDigests.harness) ? ["harness image"] : []),
    ...(before.cpu !== now.cpu ? ["cpu"] : []),
    ...(differ(sorted(before.libraries), sorted(now.libraries)) ? ["libraries"] : []),
    ...(differ(before.gpu?.name, now.gpu?.name) ? ["gpu"] : []),
  ];
}

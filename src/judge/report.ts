// What a grading says: a superset of Gradescope's results.json. Nothing here decides what a student may see
// of it; that is submissions/visibility.ts.
import { z } from "zod";
import { diagnosis } from "./diagnosis-words.ts";
import { wordsRecord } from "./words.ts";

/**
 * How a test ended. A word comes from what we did (our deadline, our caps) or from what the kernel counted,
 * never from an exit status or from what the student's side says of itself.
 */
export const verdicts = [
  "passed",
  "partial",
  "failed",
  "error",
  "timeout",
  "memory",
  "output_limit",
  "killed",
] as const;
export const verdict = z.enum(verdicts);
export type Verdict = z.infer<typeof verdict>;

/** Gradescope's four words, and `until_due_date`: visible before, hidden after. */
export const visibilities = [
  "visible",
  "hidden",
  "after_due_date",
  "after_published",
  "until_due_date",
] as const;
export const visibility = z.enum(visibilities);
export type Visibility = z.infer<typeof visibility>;

/** When a test runs: with every submission, once after a student's own deadline on what counts, when staff ask. */
export const stages = ["submit", "after_due", "staff"] as const;
export const stage = z.enum(stages);
export type Stage = z.infer<typeof stage>;

export const artifact = z.object({
  name: z.string(),
  /** `image/png`, or `application/vnd.assay.plot+json` for a plot drawn from numbers. */
  mediaType: z.string(),
  caption: wordsRecord.nullable(),
  /** SHA-256 of the bytes in the blob store. */
  blob: z.string(),
  bytes: z.int(),
});
export type Artifact = z.infer<typeof artifact>;

export const testReport = z.object({
  name: z.string(),
  title: wordsRecord,
  /** Gradescope's `number`: its place in the suite, from 1. */
  number: z.string(),
  verdict,
  /** Hundredths of a point. */
  score: z.int(),
  max: z.int(),
  visibility,
  /** Absent: it runs with every submission. */
  stage: stage.optional(),
  tags: z.array(z.string()),
  /** The assertion's own text, or a sentence of ours; null for a passed test that says nothing. */
  message: wordsRecord.nullable(),
  /** The student's own traceback, paths shortened. */
  traceback: z.string().nullable(),
  /** What the submission printed during this test, at most 64 KB. */
  stdout: z.string(),
  wallMs: z.number(),
  cpuMs: z.number().nullable(),
  peakBytes: z.int().nullable(),
  artifacts: z.array(artifact),
  /** From the suite's own tests (first mismatch as a small array, metrics), never from the student. */
  extra: z.record(z.string(), z.unknown()),
  /** The known mistake that answers as the submission did; comes after the report, and not to everybody. */
  diagnosis: diagnosis.optional(),
});
export type TestReport = z.infer<typeof testReport>;

/** Where a grading ran; two gradings are comparable when these agree. */
export const circumstances = z.object({
  suite: z.string(),
  suiteHash: z.string(),
  imageDigests: z.object({ student: z.string(), harness: z.string() }),
  /** Digests of the lists of what the images hold (CycloneDX); absent in reports of before there were any. */
  sboms: z.object({ student: z.string(), harness: z.string() }).optional(),
  /** Hex of the key that seeded every test's `rng`: for staff only. */
  seed: z.string(),
  cpu: z.string(),
  libraries: z.record(z.string(), z.string()),
  /** The device that the submission ran on; null where it ran on the CPU. What the host saw, null where it cannot. */
  gpu: z
    .object({
      name: z.string(),
      id: z.string().optional(),
      peakBytes: z.int().nullable(),
      /** Percent. */
      peakUtilisation: z.int().nullable().optional(),
    })
    .nullable(),
  /** The suite asks for a device and ran without: at its reduced scale. */
  reduced: z.boolean().optional(),
  limits: z.record(z.string(), z.unknown()),
});
export type Circumstances = z.infer<typeof circumstances>;

export const outputFormats = ["text", "html", "simple_format", "md", "ansi"] as const;

/** What a Gradescope autograder says beside its tests. */
export const wholeOutput = z.object({
  /** Text over the whole. */
  output: z.string().nullable(),
  outputFormat: z.enum(outputFormats),
  /** What the autograder printed. */
  stdout: z.string(),
  /** Null hides it from students, as Gradescope does where nothing is said. */
  stdoutVisibility: visibility.nullable(),
  /** The `visibility` over all: hides the text, too. */
  visibility,
  /** Hundredths, where results.json gives a score over the tests' sum. */
  given: z.int().nullable(),
  /** Seconds, as the autograder says. */
  executionTime: z.number().nullable(),
  /** The blob of results.json as it was written, for a later attempt's metadata; staff only. */
  results: z.string().nullable(),
});
export type WholeOutput = z.infer<typeof wholeOutput>;

export const report = z.object({
  tests: z.array(testReport),
  /** Hundredths; sums over tests. */
  score: z.int(),
  max: z.int(),
  wallMs: z.number(),
  circumstances,
  leaderboard: z.array(
    z.object({
      name: z.string(),
      value: z.union([z.number(), z.string(), z.null()]),
      order: z.enum(["asc", "desc"]),
      /** The test that gave the value: it is shown where that test is. */
      test: z.string().nullable(),
    }),
  ),
  /** What the suite declares, where a grading ran only some of it; absent where `tests` names all. */
  declared: z
    .array(
      testReport.pick({
        name: true,
        title: true,
        number: true,
        max: true,
        visibility: true,
        stage: true,
        tags: true,
      }),
    )
    .optional(),
  /** Sentences for staff ("weights do not matter"); never shown to students. */
  flags: z.array(wordsRecord),
  /** Only of a Gradescope autograder: what it says over all its tests (judge/gradescope/results.ts). */
  whole: wholeOutput.optional(),
});
export type Report = z.infer<typeof report>;

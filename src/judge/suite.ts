// The format of a suite's grader.yaml. Reading a suite from a folder is judge/read-suite.ts.
import { z } from "zod";
import { words } from "./words.ts";

const KiB = 1024;
const units: Record<string, number> = {
  B: 1,
  KB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  KiB,
  MiB: KiB ** 2,
  GiB: KiB ** 3,
};

/** `20MB`, `1GiB` or a number of bytes, as a number of bytes. */
export const bytes = z
  .union([
    z.int().positive(),
    z.string().regex(/^\d+(\.\d+)?\s*(B|KB|MB|GB|KiB|MiB|GiB)$/, "write a size as 20MB or 1GiB"),
  ])
  .transform((size) => {
    if (typeof size === "number") return size;
    const unit = size.replace(/[\d.\s]/g, "");
    return Math.round(Number.parseFloat(size) * (units[unit] ?? 1));
  });

/** `10s`, `500ms`, `2m` or a number of seconds, as seconds. */
export const seconds = z
  .union([
    z.number().positive(),
    z.string().regex(/^\d+(\.\d+)?\s*(ms|s|m|min)$/, "write a time as 10s or 2m"),
  ])
  .transform((time) => {
    if (typeof time === "number") return time;
    const number = Number.parseFloat(time);
    if (time.endsWith("ms")) return number / 1000;
    return time.endsWith("s") ? number : number * 60;
  });

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "use small letters, digits and hyphens");
const filePath = z
  .string()
  .regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^\\\0]{1,200}$/, "write a relative path inside the submission");

export const limits = z.strictObject({
  upload: bytes.default(20_000_000),
  unpacked: bytes.default(200_000_000),
  cpus: z.number().positive().max(64).default(1),
  memory: bytes.default(KiB ** 3),
  pids: z.int().positive().default(128),
  wall: seconds.default(120),
  per_test: seconds.default(10),
  answer_limit: bytes.default(64 * KiB ** 2),
  /** Processor time for naming the mistakes of a submission, after its report; 0 names none. */
  diagnose: z.union([z.literal(0), seconds]).default(5),
  gpu: z
    .union([
      z.literal("none"),
      z.strictObject({
        count: z.int().positive().default(1),
        min_vram: bytes.default(8 * KiB ** 3),
        mig: z.boolean().default(false),
        cpu_fallback: z.boolean().default(false),
      }),
    ])
    .default("none"),
});
export type Limits = z.infer<typeof limits>;

export const rubricItem = z.strictObject({
  id: name,
  title: words,
  points: z.number().positive().max(1000),
  description: words.optional(),
});

/** Who sees a named mistake: staff alone; students once they failed the same test so often; students at once. */
export const diagnosisReaders = ["staff", "after_attempts", "at_once"] as const;
export type DiagnosisReaders = (typeof diagnosisReaders)[number];

export const suiteConfig = z.strictObject({
  id: name,
  title: words,
  mode: z.enum(["isolated", "gradescope"]).default("isolated"),
  image: name.default("python-ml"),
  preload: z
    .array(z.string().regex(/^[A-Za-z_][\w.]*$/))
    .max(16)
    .default([]),
  files: z
    .strictObject({
      required: z.array(filePath).max(100).default([]),
      optional: z.array(filePath).max(100).default([]),
      /** Paths, with `*` for a name, that hold safetensors, npz or npy: their headers are checked at intake. */
      checkpoints: z.array(filePath).max(20).optional(),
    })
    .prefault({}),
  limits: limits.prefault({}),
  /** The suite has tests in `preflight/`, which run on a CPU before a device is asked for. */
  preflight: z.boolean().default(false),
  seed: z.enum(["submission", "fixed"]).default("submission"),
  hidden_feedback: z.enum(["none", "count"]).default("none"),
  starter_max: z.number().min(0).default(0),
  rubric: z.array(rubricItem).max(50).default([]),
  diagnosis: z
    .strictObject({
      /** Where no single mutant answers alike, two at a time are tried. */
      pairs: z.boolean().default(true),
      students: z.enum(diagnosisReaders).default("after_attempts"),
      /** For `after_attempts`: submissions that failed the same test. */
      attempts: z.int().min(1).max(100).default(2),
    })
    .prefault({}),
  leaderboard: z
    .array(z.strictObject({ name: z.string().min(1), order: z.enum(["asc", "desc"]).default("desc") }))
    .max(10)
    .default([]),
  /** For `mode: gradescope`: what a Gradescope instructor sets on the assignment's page. */
  gradescope: z
    .strictObject({
      /** Autograder points; without them the sum of the tests' `max_score`. */
      points: z.number().positive().max(100_000).optional(),
      /** The container sees the network while it grades. */
      network: z.boolean().default(false),
    })
    .prefault({}),
});
export type SuiteConfig = z.infer<typeof suiteConfig>;

/** What the suite wants of devices; null where it wants none. */
export const deviceNeed = ({ limits: { gpu } }: Pick<SuiteConfig, "limits">) => (gpu === "none" ? null : gpu);
export const asksForDevice = (config: Pick<SuiteConfig, "limits">) => deviceNeed(config) !== null;

/** A mutant's mutant.yaml: one known mistake, and the tests that must see it. */
export const mutantConfig = z.strictObject({
  title: words,
  hint: words,
  /** One change to the reference; files beside mutant.yaml are laid over the reference as well. */
  change: z
    .union([
      z.strictObject({ file: filePath, find: z.string().min(1), replace: z.string() }),
      z.array(z.strictObject({ file: filePath, find: z.string().min(1), replace: z.string() })).min(1),
    ])
    .transform((change) => (Array.isArray(change) ? change : [change]))
    .default([]),
  fails: z.array(z.string()).min(1),
  /** A test must flag it to the staff, with every seed: what is no failure, but for a person to look at. */
  flagged: z.boolean().default(false),
});
export type MutantConfig = z.infer<typeof mutantConfig>;

/** An alternative's alternative.yaml: another correct solution, and the tests that it may yet fail (speed). */
export const alternativeConfig = z.strictObject({
  note: z.string().optional(),
  fails: z.array(z.string()).default([]),
});

// A Gradescope autograder's grading as a report: image, run, results.json. What the container does to itself is a
// verdict; an autograder that leaves nothing readable is a fault that staff see, never a silent 0.
import { cpus } from "node:os";
import { InfrastructureFault } from "../../platform/errors.ts";
import { type AutograderEnd, runAutograder } from "../../sandbox/autograder.ts";
import { autograderImage, SetupFailed } from "../../sandbox/autograder-image.ts";
import { SuiteFault } from "../../sandbox/fault.ts";
import type { Site } from "../../sandbox/site.ts";
import type { BlobStore } from "../../storage/blobs.ts";
import { AUTOGRADER_SOURCE, filesUnder, untar } from "../read-suite.ts";
import type { Report, TestReport, Verdict } from "../report.ts";
import type { GradingHooks, GradingTask } from "../task.ts";
import type { Words } from "../words.ts";
import { BadResults, RESULTS_LIMIT_BYTES, type ReadResults, readResults } from "./results.ts";

/** Makes the image of a version. @throws SuiteFault with the end of what setup.sh printed */
export async function prepareAutograder(
  site: Site,
  suite: GradingTask["suite"],
  say?: (line: string) => void,
) {
  const files = async () => filesUnder(await untar(await suite.tar()), AUTOGRADER_SOURCE);
  try {
    return await autograderImage(site, { hash: suite.hash, files }, say);
  } catch (error) {
    if (!(error instanceof SetupFailed)) throw error;
    throw new SuiteFault(`${error.message}\n${error.log.slice(-2000)}`);
  }
}

/** @throws InfrastructureFault where there are no results to believe, with the sentence for staff */
export async function gradeWithAutograder(
  site: Site,
  blobs: BlobStore,
  task: GradingTask,
  hooks: GradingHooks,
): Promise<Report> {
  const { config } = task.suite;
  const image = await prepareAutograder(site, task.suite);
  const circumstances = circumstancesOf(task, image);
  if (task.setupOnly)
    return { tests: [], score: 0, max: 0, wallMs: 0, circumstances, leaderboard: [], flags: [] };
  const run = {
    image,
    limits: config.limits,
    network: config.gradescope.network,
    archive: task.archive,
    metadata: (await task.metadata?.()) ?? {},
    resultsLimitBytes: RESULTS_LIMIT_BYTES,
  };
  const end = await runAutograder(site, run, hooks.signal ?? new AbortController().signal);
  const points = config.gradescope.points;
  const read = resultsOf(end, points === undefined ? null : Math.round(points * 100));
  for (const test of read.tests) await hooks.onTest?.(test);
  const bytes = end.results && "bytes" in end.results ? end.results.bytes : null;
  const kept = bytes && (await blobs.put(bytes)).hash;
  return {
    tests: read.tests,
    score: read.score,
    max: read.max,
    wallMs: end.wallMs,
    circumstances,
    leaderboard: read.leaderboard,
    flags: read.flags,
    whole: { ...read.whole, stdout: end.stdout, results: kept },
  };
}

/** What ended without results by our hand is the submission's verdict; after a cap, results that are there count. */
function resultsOf(end: AutograderEnd, points: number | null): ReadResults {
  try {
    return readResults(textOf(end), points);
  } catch (error) {
    if (!(error instanceof BadResults)) throw error;
    if (end.ended !== "exited") return stopped(end.ended, points ?? 0);
    const said = end.stdout.trim().split("\n").slice(-20).join("\n");
    throw new InfrastructureFault(
      `the autograder ended with ${end.exitCode}; ${error.message}${said ? `\nIt printed last:\n${said}` : ""}`,
    );
  }
}

function textOf({ results }: AutograderEnd): string {
  if (!results) throw new BadResults("it wrote no results.json");
  if ("refused" in results) throw new BadResults(results.refused);
  return results.bytes.toString("utf8");
}

const WORDS: Record<Exclude<AutograderEnd["ended"], "exited">, { verdict: Verdict; message: Words }> = {
  timeout: {
    verdict: "timeout",
    message: {
      en: "The autograder did not end within its time and had written no results by then.",
      zh: "自动评分程序未在规定时间内结束，且尚未写出结果。",
    },
  },
  memory: {
    verdict: "memory",
    message: {
      en: "The grading needed more memory than it may have.",
      zh: "评分所用内存超过限额。",
    },
  },
  disk: {
    verdict: "killed",
    message: {
      en: "The grading wrote more to its disk than it may.",
      zh: "评分写入磁盘的数据超过限额。",
    },
  },
  output_limit: {
    verdict: "output_limit",
    message: {
      en: "The grading printed without end.",
      zh: "评分输出过多，已被终止。",
    },
  },
};

function stopped(how: keyof typeof WORDS, max: number): ReadResults {
  const { verdict, message } = WORDS[how];
  const test: TestReport = {
    name: "autograder",
    title: { en: "Autograder", zh: "自动评分程序" },
    number: "1",
    verdict,
    score: 0,
    max,
    visibility: "visible",
    tags: [],
    message,
    traceback: null,
    stdout: "",
    wallMs: 0,
    cpuMs: null,
    peakBytes: null,
    artifacts: [],
    extra: {},
  };
  const whole = {
    output: null,
    outputFormat: "text" as const,
    stdoutVisibility: null,
    visibility: "visible" as const,
    given: null,
    executionTime: null,
  };
  return { tests: [test], score: 0, max, leaderboard: [], whole, flags: [] };
}

function circumstancesOf({ suite, key }: GradingTask, image: string): Report["circumstances"] {
  return {
    suite: suite.config.id,
    suiteHash: suite.hash,
    // One container: test and submission are in the same image.
    imageDigests: { student: image, harness: image },
    seed: key.toString("hex"),
    cpu: cpus()[0]?.model ?? "unknown",
    libraries: {},
    gpu: null,
    limits: suite.config.limits,
  };
}

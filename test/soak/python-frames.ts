// The Python ends, inside the image where they live: answers as the harness reads them, questions as the runner does.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { ensureImages, imageDigests } from "../../src/sandbox/images.ts";
import { judged, type Part } from "./part.ts";

const SANDBOX = join(import.meta.dirname, "../../sandbox");
const reading = z.object({
  runs: z.int(),
  seconds: z.number(),
  outcomes: z.record(z.string(), z.int()),
  grown_mb: z.number(),
});
const answer = z.object({ answers: reading, questions: reading });

export const pythonFrames: Part = {
  name: "python-frames",
  runs: 100_000,
  async run(runs, seed, say) {
    await ensureImages(["python-ml"], say);
    const { harness } = await imageDigests("python-ml");
    const container = [
      "run",
      "--rm",
      "--network",
      "none",
      "--memory",
      "1g",
      "--volume",
      `${SANDBOX}:/sandbox:ro`,
    ];
    const program = ["python3", "-B", "/sandbox/tests/mutations.py", String(runs), String(seed)];
    const { stdout } = await promisify(execFile)("docker", [...container, harness, ...program]);
    const { answers, questions } = answer.parse(JSON.parse(stdout));
    const named = (prefix: string, counts: Record<string, number>) =>
      Object.entries(counts).map(([name, count]) => [`${prefix} ${name}`, count] as const);
    const outcomes = Object.fromEntries([
      ...named("answer", answers.outcomes),
      ...named("question", questions.outcomes),
    ]);
    const grownMb = Math.max(answers.grown_mb, questions.grown_mb);
    return { outcomes, ...judged({ seconds: answers.seconds + questions.seconds, grownMb }) };
  },
};

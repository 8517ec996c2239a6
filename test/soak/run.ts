// `npm run soak`: what is tried a little with every test run, tried at length. Options: --only NAME…, --share 0.01
// (of the usual numbers), --seed N (as printed by an earlier run), --json.
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { archives } from "./archives.ts";
import { frames } from "./frames.ts";
import { graderYaml } from "./grader-yaml.ts";
import { gradings } from "./gradings.ts";
import type { Outcome, Part } from "./part.ts";
import { pythonFrames } from "./python-frames.ts";
import { resultsJson } from "./results-json.ts";

const parts: Part[] = [archives, frames, pythonFrames, graderYaml, resultsJson, gradings];

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    share: { type: "string", default: "1" },
    seed: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
process.exitCode = await main();

async function main(): Promise<number> {
  const chosen = parts.filter(({ name }) => values.only?.includes(name) ?? true);
  if (chosen.length === 0) {
    console.error(`--only takes of ${parts.map(({ name }) => name).join(", ")}`);
    return 2;
  }
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  const say = (line: string) => console.error(`[${Math.round(performance.now() / 1000)} s] ${line}`);
  say(`seed ${seed}`);
  const results: ({ name: string; runs: number; seed: number } & Outcome)[] = [];
  for (const { name, runs, run } of chosen) {
    const some = Math.max(1, Math.round(runs * Number(values.share)));
    say(`${name}: ${some}`);
    const outcome = await run(some, seed, say).catch(
      (error: Error): Outcome => ({ outcomes: {}, figures: {}, wrong: [error.message] }),
    );
    results.push({ name, runs: some, seed, ...outcome });
  }
  if (values.json) console.log(JSON.stringify({ parts: results }));
  else for (const result of results) tell(result);
  return results.every(({ wrong }) => wrong.length === 0) ? 0 : 1;
}

function tell({
  name,
  runs,
  seed,
  outcomes,
  figures,
  wrong,
}: { name: string; runs: number; seed: number } & Outcome) {
  const amounts = Object.entries(figures).map(
    ([figure, value]) => `${figure} ${Math.round(value * 10) / 10}`,
  );
  console.log(
    `${wrong.length === 0 ? "ok  " : "FAIL"} ${name}: ${runs} (seed ${seed}); ${amounts.join(", ")}`,
  );
  const counts = Object.entries(outcomes).sort((a, b) => b[1] - a[1]);
  console.log(`     ${counts.map(([outcome, count]) => `${outcome} ${count}`).join(", ")}`);
  for (const line of wrong) console.log(`     ${line}`);
}

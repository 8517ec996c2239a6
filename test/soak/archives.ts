// The reader of ZIPs, by one child process for all of them: test/hostile-archives says what must hold.
import { readdirSync, readFileSync } from "node:fs";
import { openBench } from "../hostile-archives/bench.ts";
import { tryMutatedZips } from "../hostile-archives/property.ts";
import { type Part, watchMemory } from "./part.ts";

export const archives: Part = {
  name: "archives",
  runs: 100_000,
  async run(runs, seed) {
    const bench = await openBench({ archivesPerChild: Number.POSITIVE_INFINITY });
    const root = readdirSync("/").join();
    try {
      const outcome = await watchMemory(runs, async (some) =>
        Object.fromEntries(await tryMutatedZips(bench, some, seed)),
      );
      const status = readFileSync(`/proc/${bench.reader.pids()[0]}/status`, "utf8");
      outcome.figures.childPeakMb = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1000;
      const drafts = (await bench.stored()).filter((path) => path.includes("tmp/"));
      if (drafts.length > 0) outcome.wrong.push(`${drafts.length} drafts left in the store`);
      if (readdirSync("/").join() !== root) outcome.wrong.push("something was written outside");
      return outcome;
    } finally {
      await bench.close();
    }
  },
};

// npx node test/hostile-archives/soak.ts [RUNS] [SEED]: the property test at length, with the memory of both sides.
import { readFileSync } from "node:fs";
import { openBench } from "./bench.ts";
import { tryMutatedZips } from "./property.ts";

const [runs = "100000", seed] = process.argv.slice(2);
const bench = await openBench({ archivesPerChild: Number.POSITIVE_INFINITY });
try {
  const started = Date.now();
  const outcomes = await tryMutatedZips(bench, Number(runs), seed === undefined ? undefined : Number(seed));
  const [child] = bench.reader.pids();
  const peak = /VmHWM:\s+(.*)/.exec(readFileSync(`/proc/${child}/status`, "utf8"))?.[1];
  console.log(Object.fromEntries([...outcomes].sort((a, b) => b[1] - a[1])));
  console.log(`${runs} archives in ${(Date.now() - started) / 1000} s`);
  console.log(
    `peak of the child ${peak}, of the parent ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
  );
} finally {
  await bench.close();
}

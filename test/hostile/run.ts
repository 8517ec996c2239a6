// `npm run hostile`: the corpus against the real engine. Options: --json, --only NAME…, --controls,
// --without CONTROL (takes exactly this control away and runs the cases that name it: at least one must fail).
import { parseArgs } from "node:util";
import { ensureImages } from "../../src/sandbox/images.ts";
import { type HostileCase, readCases } from "./cases.ts";
import { type ControlName, controlNames } from "./controls.ts";
import type { CaseResult } from "./judge-case.ts";
import { runCases } from "./run-cases.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean" },
    only: { type: "string", multiple: true },
    controls: { type: "boolean" },
    without: { type: "string" },
  },
});
process.exitCode = await main();

async function main(): Promise<number> {
  if (values.controls) {
    for (const name of controlNames) console.log(name);
    return 0;
  }
  const without = controlNames.find((name) => name === values.without) ?? null;
  if (values.without && !without) {
    console.error(`there is no control ${values.without}; --controls lists them`);
    return 2;
  }
  const cases = chosen(without);
  if (cases.length === 0) {
    console.error("no such case");
    return 2;
  }
  await ensureImages(["python-ml"], (line) => console.error(line));
  const began = Date.now();
  const told = (result: CaseResult) => {
    if (!values.json) console.error(`${result.ok ? "ok  " : "FAIL"} ${result.name}: ${result.got}`);
  };
  const results = await runCases(cases, without, told);
  const seconds = Math.round((Date.now() - began) / 1000);
  if (values.json) console.log(JSON.stringify({ cases: results }));
  else table(results, seconds, without);
  return results.every(({ ok }) => ok) ? 0 : 1;
}

function chosen(without: ControlName | null): HostileCase[] {
  const only = [...(values.only ?? []), ...positionals];
  return readCases()
    .filter(({ name }) => only.length === 0 || only.includes(name))
    .filter((one) => !without || only.length > 0 || one.controls.includes(without));
}

function table(results: CaseResult[], seconds: number, without: ControlName | null) {
  const width = Math.max(...results.map(({ name }) => name.length));
  console.log(`${"case".padEnd(width)}  ok    leaks  left  expected → got`);
  for (const { name, expected, got, leaks, leftovers, ok } of results) {
    const figures = `${ok ? "ok  " : "FAIL"}  ${String(leaks).padStart(5)}  ${String(leftovers).padStart(4)}`;
    console.log(`${name.padEnd(width)}  ${figures}  ${expected === got ? got : `${expected} → ${got}`}`);
  }
  const failed = results.filter(({ ok }) => !ok).length;
  const how = without ? ` without ${without}` : "";
  console.log(`${results.length} cases${how}: ${results.length - failed} hold, ${failed} fail; ${seconds} s`);
}

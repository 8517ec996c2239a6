// `npm run chaos`: kill -9 of workers, engine, database and server at random moments, under students who hand in all
// the time. Options: --json, --quick (a tenth of the kills), --seed N (as printed by an earlier run),
// --kills worker=20,engine=1,… (a part of the whole), --folder DIR (keeps the copied images for the next run).
import { randomInt } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { IMAGE, openPrivateEngine } from "../../src/cli/demo/own-engine.ts";
import { onPath } from "../../src/cli/doctor/start-engine.ts";
import { ensureImages } from "../../src/sandbox/images.ts";
import { type Kills, victims } from "./kills.ts";
import { type Outcome, underKills } from "./siege.ts";

const WHOLE: Kills = { worker: 200, engine: 10, postgres: 10, server: 20 };
/** How soon a worker's death must be found. */
const FOUND_LIMIT_S = 15;

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    seed: { type: "string" },
    kills: { type: "string" },
    folder: { type: "string" },
  },
});
const say = (line: string) => console.error(`[${Math.round(performance.now() / 1000)} s] ${line}`);
process.exitCode = await main();

async function main(): Promise<number> {
  const lacking = whatIsLacking();
  if (lacking) {
    console.error(`not run: ${lacking}`);
    return 3;
  }
  const kills = wantedKills();
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  say(`seed ${seed}`);
  await ensureImages([IMAGE], say);
  const folder = values.folder ? resolve(values.folder) : await mkdtemp(join(tmpdir(), "assay-chaos-"));
  const home = join(folder, "home");
  await mkdir(home, { recursive: true });
  // The database's own account walks through it.
  await chmod(folder, 0o711);
  const engine = await openPrivateEngine(join(folder, "engine"), say);
  try {
    const outcome = await underKills(home, engine, kills, seed, say);
    if (values.json) console.log(JSON.stringify(forJson(outcome, seed)));
    else tell(outcome, seed);
    for (const complaint of complaints(outcome)) console.error(`FAIL ${complaint}`);
    return complaints(outcome).length === 0 ? 0 : 1;
  } finally {
    await engine.stop();
    await rm(values.folder ? home : folder, { recursive: true, force: true });
  }
}

function whatIsLacking(): string | null {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    return "an engine of our own to kill needs root on Linux";
  const missing = ["dockerd", "containerd", "unshare"].filter((program) => !onPath(program));
  return missing.length > 0 ? `no ${missing.join(", ")} on this machine` : null;
}

function wantedKills(): Kills {
  if (values.kills === undefined) {
    const share = values.quick ? 10 : 1;
    return Object.fromEntries(victims.map((name) => [name, WHOLE[name] / share])) as Kills;
  }
  const wanted: Kills = { worker: 0, engine: 0, postgres: 0, server: 0 };
  for (const part of values.kills.split(",")) {
    const [name = "", count = ""] = part.split("=");
    const victim = victims.find((one) => one === name);
    if (!victim || !/^\d{1,4}$/.test(count)) throw new Error(`--kills takes ${victims.join("=N,")}=N`);
    wanted[victim] = Number(count);
  }
  return wanted;
}

/** What must not be, in words. */
function complaints(outcome: Outcome): string[] {
  const { finished, lost, duplicated, leftover, wrong, charged, refused, found } = outcome;
  const late = found.filter((seconds) => seconds > FOUND_LIMIT_S);
  return [
    finished > 0 || "nothing was graded",
    lost === 0 || `${lost} lost`,
    duplicated === 0 || `${duplicated} duplicated`,
    leftover.length === 0 || `left over: ${leftover.slice(0, 20).join("; ")}`,
    wrong === 0 || `${wrong} with other points than earned`,
    charged === 0 || `${charged} attempts charged too much`,
    refused.length === 0 || `refused: ${[...new Set(refused)].slice(0, 5).join("; ")}`,
    late.length === 0 || `${late.length} deaths found after more than ${FOUND_LIMIT_S} s`,
  ].filter((one) => typeof one === "string");
}

function forJson(outcome: Outcome, seed: number) {
  const { submitted, finished, lost, duplicated, leftover, kills, wrong, charged, repeated, broken } =
    outcome;
  const found = { median: middle(outcome.found), max: outcome.found.at(-1) ?? null, n: outcome.found.length };
  const counts = { submitted, finished, lost, duplicated, leftover: leftover.length, kills };
  return { ...counts, wrong, charged, repeated, brokenUploads: broken, foundSeconds: found, seed };
}

function tell(outcome: Outcome, seed: number): void {
  const { kills, leftover, found, ...counts } = outcome;
  for (const name of ["submitted", "finished", "lost", "duplicated"] as const)
    console.log(`${name.padEnd(12)} ${counts[name]}`);
  console.log(`left over    ${leftover.length}`);
  console.log(
    `wrong points ${counts.wrong}; charged too much ${counts.charged}; graded again ${counts.repeated}`,
  );
  console.log(`uploads broken off by the server's death ${counts.broken}`);
  console.log(`kills        ${victims.map((name) => `${name} ${kills[name]}`).join(", ")}`);
  const [median, max] = [middle(found), found.at(-1)].map((seconds) => seconds?.toFixed(1) ?? "–");
  console.log(
    `dead workers found after ${median} s (median), ${max} s (longest), of ${found.length} gradings`,
  );
  console.log(`seed ${seed}`);
}

function middle(sorted: number[]): number | null {
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

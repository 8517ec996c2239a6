// `assay plan`: how long students will wait before a deadline, by the number of workers, from times that were measured.
import { Command, InvalidArgumentError } from "commander";
import { type Curve, curves, planFor, type Question, slotsFor, type Waits } from "../insight/capacity.ts";
import { pastArrivals, serviceTimes } from "../insight/history.ts";
import { seconds as duration } from "../judge/suite.ts";
import { readConfig } from "../platform/config.ts";
import { openInstallation } from "../platform/installation.ts";

interface PlanOptions {
  students: number;
  each: number;
  deadline: number;
  workers: number;
  slots?: number;
  curve: Curve | "history";
  wait: number;
  service?: number[];
  lane: string;
  json?: boolean;
}

/** Fewer gradings than this say little about the next ones. */
const MEASURED_LEAST = 20;

export function planCommand(): Command {
  return new Command("plan")
    .description("how long students will wait before a deadline, by the number of workers")
    .requiredOption("--students <n>", "how many hand in", whole)
    .option("--each <n>", "submissions of each in that time", whole, 1)
    .option(
      "--deadline <time>",
      "the time before the deadline in which they come, such as 2h or 90m",
      time,
      7200,
    )
    .option("--workers <n>", "worker processes there are", whole, 1)
    .option("--slots <n>", "gradings at once in each; ASSAY_SLOTS by default", whole)
    .option(
      "--curve <name>",
      `${Object.keys(curves).join(", ")}; history: as before past deadlines`,
      curve,
      "rush",
    )
    .option("--wait <time>", "what 95 of 100 may wait, for the number that is needed", time, 60)
    .option("--service <seconds>", "times of gradings by commas, instead of those that were measured", list)
    .option("--lane <name>", "whose times are taken", "cpu")
    .option("--json", "print the plan as JSON")
    .action(async (options: PlanOptions) => {
      process.exitCode = await plan(options);
    });
}

async function plan(options: PlanOptions): Promise<number> {
  const config = readConfig();
  const database =
    options.service && options.curve !== "history" ? null : await openInstallation(config, "web");
  try {
    const service = options.service ?? (await serviceTimes(database!.db, options.lane));
    const curve =
      options.curve === "history"
        ? await pastArrivals(database!.db, options.deadline)
        : curves[options.curve];
    if (!curve) return refuse("nobody handed in so long before a deadline that has passed; name a --curve");
    if (service.length < MEASURED_LEAST && !options.service)
      return refuse(
        `only ${service.length} gradings were measured in lane ${options.lane}; say --service 4,6,20`,
      );
    const slots = options.slots ?? config.slots;
    const question = {
      submissions: options.students * options.each,
      seconds: options.deadline,
      curve,
      service,
    };
    const workers = [...new Set([1, 2, 3, 4, 6, 8, 12, 16, options.workers])].sort((a, b) => a - b);
    const rows = planFor(
      question,
      workers.map((count) => count * slots),
    );
    const needed = slotsFor(question, options.wait);
    const neededWorkers = needed && Math.ceil(needed.slots / slots);
    if (options.json)
      console.log(
        JSON.stringify({ measured: service.length, slots, rows, wait: options.wait, workers: neededWorkers }),
      );
    else console.log(textOf(question, rows, { ...options, slots, neededWorkers }));
    return 0;
  } finally {
    await database?.close();
  }
}

const BAR = 30;

function textOf(
  { submissions, service }: Question,
  rows: Waits[],
  { slots, workers, wait, neededWorkers }: PlanOptions & { slots: number; neededWorkers: number | null },
): string {
  const mean = service.reduce((sum, one) => sum + one, 0) / service.length;
  const most = Math.max(...rows.map(({ p95 }) => p95), 1e-9);
  const cell = (value: number) => `${value.toFixed(1)} s`.padStart(10);
  return [
    `${submissions} submissions, ${mean.toFixed(1)} s each (${service.length} times), ${slots} at once a worker`,
    `${"workers".padStart(9)}${["p50", "p95", "p99"].map((name) => name.padStart(10)).join("")}   p95`,
    ...rows.map(({ slots: all, p50, p95, p99 }) => {
      const count = all / slots;
      const bar = "█".repeat(Math.round((p95 / most) * BAR));
      return `${count === workers ? ">" : " "}${String(count).padStart(8)}${cell(p50)}${cell(p95)}${cell(p99)}   ${bar}`;
    }),
    neededWorkers === null
      ? `no number of workers lets 95 of 100 begin within ${wait} s`
      : `for 95 of 100 to begin within ${wait} s: ${neededWorkers} worker${neededWorkers === 1 ? "" : "s"}`,
  ].join("\n");
}

function refuse(words: string): number {
  console.error(words);
  return 2;
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("a whole number.");
  return Number(text);
}

function time(text: string): number {
  const hours = /^(\d+(?:\.\d+)?)h$/.exec(text);
  if (hours) return Number(hours[1]) * 3600;
  const read = duration.safeParse(/^\d+(\.\d+)?$/.test(text) ? Number(text) : text);
  if (!read.success) throw new InvalidArgumentError("a time such as 2h, 90m or 45s.");
  return read.data;
}

function list(text: string): number[] {
  const times = text.split(",").map(Number);
  if (!times.every((one) => one > 0)) throw new InvalidArgumentError("seconds, by commas.");
  return times;
}

function curve(text: string): Curve | "history" {
  const known = [...(Object.keys(curves) as Curve[]), "history" as const].find((name) => name === text);
  if (!known) throw new InvalidArgumentError(`one of ${Object.keys(curves).join(", ")}, history.`);
  return known;
}

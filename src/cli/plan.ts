// `assay plan`: how long students will wait before a deadline, by the number of workers, from times that were measured.
import { Command, InvalidArgumentError } from "commander";
import { type Curve, curves } from "../insight/capacity.ts";
import { capacityPlan, type NoPlan, type Plan } from "../insight/plan.ts";
import { seconds as duration } from "../judge/suite.ts";
import { readConfig } from "../platform/config.ts";
import { openInstallation } from "../platform/installation.ts";

interface PlanOptions {
  students: number;
  each: number;
  deadline: number;
  workers: number;
  slots?: number;
  machines?: number;
  curve: Curve | "history";
  wait: number;
  service?: number[];
  lane: string;
  json?: boolean;
}

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
    .option("--machines <n>", "machines that the workers share evenly; by default each has its own", whole)
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
    const { deadline: seconds, machines, slots = config.slots, ...rest } = options;
    const wish = { ...rest, seconds, slots, machines: machines ?? null };
    const found = await capacityPlan(database?.db ?? null, wish);
    if ("reason" in found) return refuse(wordsFor(found, options.lane));
    const { service, rows, needed } = found;
    const answer = {
      ...{ measured: service.count, slots, rows },
      wait: options.wait,
      workers: needed?.workers ?? null,
    };
    console.log(options.json ? JSON.stringify(answer) : textOf(found, { ...options, slots }));
    return 0;
  } finally {
    await database?.close();
  }
}

function wordsFor(found: NoPlan, lane: string): string {
  return found.reason === "history"
    ? "nobody handed in so long before a deadline that has passed; name a --curve"
    : `only ${found.count} gradings were measured in lane ${lane}; say --service 4,6,20`;
}

const BAR = 30;

function textOf(
  { submissions, service, rows, needed }: Plan,
  { slots, workers, wait }: PlanOptions & { slots: number },
): string {
  const most = Math.max(...rows.map(({ p95 }) => p95), 1e-9);
  const cell = (value: number) => `${value.toFixed(1)} s`.padStart(10);
  return [
    `${submissions} submissions, ${service.mean.toFixed(1)} s each (${service.count} times), ${slots} at once a worker`,
    `${"workers".padStart(9)}${["p50", "p95", "p99"].map((name) => name.padStart(10)).join("")}   p95`,
    ...rows.map(({ workers: count, p50, p95, p99 }) => {
      const bar = "█".repeat(Math.round((p95 / most) * BAR));
      return `${count === workers ? ">" : " "}${String(count).padStart(8)}${cell(p50)}${cell(p95)}${cell(p99)}   ${bar}`;
    }),
    needed === null
      ? `no number of workers lets 95 of 100 begin within ${wait} s`
      : `for 95 of 100 to begin within ${wait} s: ${needed.workers} worker${needed.workers === 1 ? "" : "s"}`,
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

// Many uploads while grading runs, and a very large one: how soon is 201 answered, what does the server hold.
import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { COURSE } from "../src/cli/demo/session.ts";
import { zipOf } from "../src/storage/zip-write.ts";
import type { Case } from "./cases.ts";
import { type Figure, figure, quantile, single } from "./figures.ts";
import { residentMb, type Stage } from "./stage.ts";
import { submit } from "./submitting.ts";

/** Evenly over `seconds`, whatever the answers take: a queue that builds up shows in the times. */
export async function burst(stage: Stage, one: Case, count: number, seconds: number): Promise<Figure[]> {
  const before = await submissionsOf(stage, one);
  const memory = watchMemory(stage);
  const began = performance.now();
  const zips = await Promise.all(Array.from({ length: count }, (_, n) => zipOfItsOwn(n)));
  const sent = zips.map(async (zip, n) => {
    await sleep(Math.max(0, began + (n * seconds * 1000) / count - performance.now()));
    const planned = performance.now();
    await submit(stage.students[n % stage.students.length]!, one, zip);
    return (performance.now() - planned) / 1000;
  });
  const settled = await Promise.allSettled(sent);
  const took = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const refused = settled.find((one) => one.status === "rejected");
  if (refused) console.error(`a submission was refused: ${refused.reason}`);
  const most = await memory.stop();
  const stored = (await submissionsOf(stage, one)) - before;
  return [
    figure("intake_p50_s", took),
    { ...figure("intake_p99_s", took, "<= 1", 0.99), spread: [quantile(took, 0.9), quantile(took, 1)] },
    single("intake_lost", count - Math.min(stored, took.length), "<= 0"),
    single("server_rss_mb", most, "<= 300"),
  ];
}

/** The reference, with a line of its own: no two uploads are the same bytes. */
export const zipOfItsOwn = (n: number) =>
  zipOf([{ path: "work.py", bytes: Buffer.from(`# ${n}\ndef twice(x): return 2 * x\n`) }]);

async function submissionsOf({ database }: Stage, one: Case): Promise<number> {
  const [row] = await database.db.execute<{ n: number }>(sql`select count(*)::int as n from submissions s
    join assignments a on a.id = s.assignment_id where a.slug = ${one.suite.config.id}`);
  return row?.n ?? 0;
}

const PIECE = 1024 ** 2;

/** What its size adds to an upload: one of a few MB goes ahead, so that what any first upload loads is there. */
export async function large(stage: Stage, one: Case, megabytes: number): Promise<Figure[]> {
  await send(stage, one, 8);
  await sleep(1000);
  const before = await residentMb(stage.server);
  const memory = watchMemory(stage);
  await send(stage, one, megabytes);
  return [single("large_upload_server_mb", Math.max(0, (await memory.stop()) - before), "<= 64")];
}

/** Bytes that are no ZIP: the way up to the archive's child process is what a large upload loads. */
async function send({ url, students }: Stage, one: Case, megabytes: number): Promise<void> {
  const headers = {
    authorization: `Bearer ${students[0]!.token}`,
    "content-type": "application/zip",
    "content-length": megabytes * PIECE,
  };
  const path = `${url}/api/v1/assignments/${COURSE}.${one.suite.config.id}/submissions`;
  const status = await new Promise<number>((resolve, reject) => {
    const sending = request(path, { method: "POST", headers }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    });
    sending.on("error", reject);
    Readable.from(pieces(megabytes)).pipe(sending);
  });
  if (status !== 422 && status !== 400) throw new Error(`bytes that are no ZIP were answered ${status}`);
}

function* pieces(count: number): Generator<Buffer> {
  const piece = randomBytes(PIECE);
  for (let n = 0; n < count; n++) yield piece;
}

function watchMemory({ server }: Pick<Stage, "server">) {
  let most = 0;
  const look = async () => {
    most = Math.max(most, await residentMb(server));
  };
  const timer = setInterval(() => void look().catch(() => {}), 50);
  return {
    stop: async () => {
      clearInterval(timer);
      await look();
      return most;
    },
  };
}

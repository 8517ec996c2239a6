// Whether what pages and workers ask takes longer when a hundred times as much lies in the database. The product's
// own functions are timed, over two scratch databases side by side.
import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { v7 } from "uuid";
import { people } from "../src/accounts/tables.ts";
import { sessionViewer } from "../src/accounts/viewer.ts";
import { findAssignment } from "../src/assignments/assignments.ts";
import { enqueueAttempt } from "../src/grading/attempts.ts";
import { pulse } from "../src/grading/pulse.ts";
import { estimateWait } from "../src/grading/queries.ts";
import { sweep } from "../src/grading/sweeper.ts";
import { type Database, openDatabase } from "../src/platform/database.ts";
import { createLogger } from "../src/platform/log.ts";
import { migrate } from "../src/platform/migrate.ts";
import { openQueue, type Queue } from "../src/platform/queue.ts";
import { myHistory } from "../src/submissions/history.ts";
import { findSubmission, listSubmissions } from "../src/submissions/submissions.ts";
import { submissionTable, tableQuery } from "../src/submissions/table.ts";
import { usedQuota } from "../src/submissions/used.ts";
import { viewReport } from "../src/submissions/view-report.ts";
import { newAttempt } from "../test/support/attempts.ts";
import { addressOf, dropDatabase, runOnServer } from "../test/support/server-address.ts";
import { type Figure, figure, median, single } from "./figures.ts";
import { grow } from "./growth-rows.ts";

const LANES = ["cpu", "gpu"];
const log = createLogger("silent");

export interface Size {
  small: number;
  large: number;
  repeats: number;
}

/** @param url a server on which databases may be made. */
export async function growth(url: string, { small, large, repeats }: Size): Promise<Figure[]> {
  const few = await openGrown(url, small);
  const many = await openGrown(url, large).catch(async (error) => {
    await few.close();
    throw error;
  });
  try {
    const figures: Figure[] = [];
    let worst = 0;
    for (const name of Object.keys(few.queries)) {
      const times = { few: [] as number[], many: [] as number[] };
      for (let round = -2; round < repeats; round++) {
        const fewMs = await timed(few.queries[name]!);
        const manyMs = await timed(many.queries[name]!);
        if (round < 0) continue;
        times.few.push(fewMs);
        times.many.push(manyMs);
      }
      worst = Math.max(worst, median(times.many) / median(times.few));
      figures.push(figure(`query_${name}_ms`, times.many), figure(`query_${name}_small_ms`, times.few));
    }
    return [...figures, single("growth_ratio", worst, "<= 1.5")];
  } finally {
    await Promise.all([few.close(), many.close()]);
  }
}

async function timed(query: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await query();
  return performance.now() - began;
}

/** A migrated database of its own with so many submissions, and what is asked of it. */
async function openGrown(url: string, submissions: number) {
  const name = `bench_${randomUUID().replaceAll("-", "")}`;
  await runOnServer(url, `create database ${name}`);
  const address = addressOf(url, name);
  await migrate(address, LANES);
  const database = openDatabase(address, { name: "assay bench" });
  const rows = await grow(database, submissions);
  const queue = await openQueue(address, { lanes: LANES, log });
  const queries = await queriesOf(database, queue, rows);
  const close = async () => {
    await queue.stop();
    await database.close();
    await dropDatabase(url, name);
  };
  return { queries, close };
}

type Queries = Record<string, () => Promise<unknown>>;

async function queriesOf(
  database: Database,
  queue: Queue,
  rows: Awaited<ReturnType<typeof grow>>,
): Promise<Queries> {
  const { db } = database;
  const viewer = async (id: string) =>
    sessionViewer((await db.select().from(people).where(eq(people.id, id)))[0]!);
  const [staff, student] = [await viewer(rows.instructor), await viewer(rows.student)];
  const asStaff = await findAssignment(db, staff, rows.assignment);
  const asStudent = await findAssignment(db, student, rows.assignment);
  const submission = await findSubmission(db, student, rows.submission);
  const [attempt] = await db.execute<{ id: string }>(
    sql`select id from attempts where subject = ${rows.submission} limit 1`,
  );
  return {
    table: () => submissionTable(db, staff, asStaff, tableQuery.parse({})),
    list: () => listSubmissions(db, staff, asStaff),
    history: () => myHistory(db, student, asStudent),
    quota: () => usedQuota(db, asStudent.course, asStudent.assignment, student.id),
    report: () => viewReport(db, student, submission),
    estimate: () => estimateWait(db, attempt!.id, 3),
    pulse: () => pulse(db, { id: v7(), host: "bench", pid: 1, lanes: LANES, slots: 1, detail: {} }),
    sweep: () => sweep(db, queue, { teamSlots: 2, log }),
    enqueue_and_claim: () => enqueueAndClaim(database, queue),
  };
}

/** Made, fetched and undone: the next round finds what this one found. */
async function enqueueAndClaim({ db }: Database, queue: Queue): Promise<void> {
  const attempt = await db.transaction((tx) => enqueueAttempt(tx, queue, newAttempt()));
  const [id] = await queue.fetch("cpu", 1);
  if (id !== attempt.id) throw new Error(`the queue handed out ${id}`);
  await db.transaction(async (tx) => {
    await queue.remove(tx, attempt);
    await tx.execute(sql`delete from attempts where id = ${attempt.id}`);
  });
}

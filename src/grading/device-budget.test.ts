import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { enqueue, reportOf, testReport } from "../../test/support/attempts.ts";
import { freshDatabase, freshQueue } from "../../test/support/database.ts";
import { suiteConfig } from "../judge/suite.ts";
import { cancelWaiting, failInfrastructure } from "./attempts.ts";
import { balanceOf, holdFor, spendable, weekBalance } from "./device-budget.ts";
import { claimForDevice } from "./device-claim.ts";
import { finishAttempt } from "./results.ts";
import { attempts, deviceEntries } from "./tables.ts";

const database = await freshDatabase();
const { db } = database;
const queue = await freshQueue(database);
const config = suiteConfig.parse({ id: "demo", title: "Demo", limits: { wall: "60s", gpu: { count: 1 } } });
const suite = { blob: "b".repeat(64), hash: "b".repeat(64), config };
const WEEK = 600;
const device = { vramBytes: 2 ** 40, mig: false };
const claim = (offers = [device, device]) =>
  claimForDevice(db, queue, { worker: randomUUID(), teamSlots: 9, offers, places: 0 });

test.each([
  ["a job holds as long as it may run", { charges: 0, held: 0 }, 60, 60],
  ["or what is left, when that is less", { charges: 570, held: 0 }, 60, 30],
  ["what others hold is not there", { charges: 0, held: 580 }, 60, 20],
  ["with nothing left it waits", { charges: 600, held: 0 }, 60, null],
  ["and when more was used than granted, too", { charges: 640, held: 0 }, 60, null],
])("%s", (_, spent, limit, hold) =>
  expect(holdFor({ grants: WEEK, refunds: 0, ...spent }, limit)).toBe(hold),
);

type Step = "submit" | "claim" | "finish" | "kill" | "finish again" | "cancel";
const steps = fc.array(
  fc.constantFrom<Step>("submit", "claim", "claim", "finish", "kill", "finish again", "cancel"),
  { minLength: 1, maxLength: 25 },
);

test("under kills and retries the balance is grants − charges + refunds, and nothing stays held", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (walk) => {
      await db.delete(deviceEntries);
      await db.delete(attempts);
      const team = randomUUID();
      const dead: string[] = [];
      let live: { id: string; token: string }[] = [];
      const back = async (id: string, seconds: number) =>
        db
          .update(attempts)
          .set({ startedAt: sql`now() - make_interval(secs => ${seconds}::int)` })
          .where(eq(attempts.id, id));
      for (const [at, step] of walk.entries()) {
        const one = live[at % Math.max(1, live.length)];
        if (step === "submit")
          await enqueue(database, queue, { lane: "gpu", suite, team, device: { weekSeconds: WEEK } });
        if (step === "claim") {
          const claimed = await claim();
          if (claimed) {
            live.push({ id: claimed.attempt.id, token: claimed.attempt.token });
            await back(claimed.attempt.id, 7 * at);
          }
        }
        if (step === "cancel") {
          const [waiting] = await db.select().from(attempts).where(eq(attempts.state, "waiting"));
          if (waiting) await cancelWaiting(db, queue, waiting.id);
        }
        if (step === "finish again" && dead[0]) {
          // A worker that was thought dead wakes, and ends what is no longer its own.
          expect(await finishAttempt(db, queue, dead[0], reportOf([testReport(1)]))).toBe(false);
        }
        if (!one) continue;
        if (step === "finish") await finishAttempt(db, queue, one.token, reportOf([testReport(1)]));
        if (step === "kill")
          await failInfrastructure(db, queue, one.token, "its worker stopped answering", true);
        if (step !== "finish" && step !== "kill") continue;
        dead.push(one.token);
        live = live.filter((other) => other !== one);
      }
      const entries = await db.select().from(deviceEntries);
      const sum = (kind: string) =>
        entries.filter((row) => row.kind === kind).reduce((total, { seconds }) => total + seconds, 0);
      const balance = await weekBalance(db, team, WEEK);
      expect(balanceOf(balance)).toBe(WEEK - sum("charge") + sum("refund"));
      // What is held is what runs now, and no job is charged that was killed under it.
      expect(entries.filter(({ kind }) => kind === "hold")).toHaveLength(
        live.length + entries.filter(({ kind }) => kind === "release").length,
      );
      if (live.length === 0) expect(spendable(balance)).toBe(balanceOf(balance));
      const finished = await db.select().from(attempts).where(eq(attempts.state, "finished"));
      const charged = finished.map(({ id }) =>
        entries.find((row) => row.attemptId === id && row.kind === "charge"),
      );
      expect(sum("charge") - sum("refund")).toBe(
        charged.reduce((total, row) => total + (row?.seconds ?? 0), 0),
      );
    }),
    { numRuns: Number(process.env.ASSAY_TEST_RUNS ?? 25) },
  );
}, 120_000);

test("a group that has used its week waits, others go on, and what waits is withdrawn for free", async () => {
  await db.delete(attempts);
  const spent = randomUUID();
  const rows = { team: spent, week: sql`date_trunc('week', now() at time zone 'UTC')::date` as never };
  await db.insert(deviceEntries).values([
    { ...rows, kind: "grant", seconds: 60 },
    { ...rows, kind: "charge", seconds: 60, attemptId: null },
  ]);
  const own = await enqueue(database, queue, {
    lane: "gpu",
    suite,
    team: spent,
    device: { weekSeconds: 60 },
  });
  const other = await enqueue(database, queue, { lane: "gpu", suite, device: { weekSeconds: 60 } });
  expect((await claim())?.attempt.id).toBe(other.id);
  expect(await claim()).toBeNull();
  const before = await weekBalance(db, spent, 60);
  expect(await cancelWaiting(db, queue, own.id)).toBe(true);
  expect(await weekBalance(db, spent, 60)).toEqual(before);
});

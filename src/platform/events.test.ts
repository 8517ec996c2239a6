import { expect, test } from "vitest";
import { freshDatabase } from "../../test/support/database.ts";
import { until } from "../../test/support/until.ts";
import { transaction } from "./database.ts";
import { listen, notify } from "./events.ts";

const database = await freshDatabase();
const { db } = database;

test("an event is heard when its transaction commits, and never when it does not", async () => {
  const heard: string[] = [];
  const stop = await listen(database, "attempt_changed", (id) => heard.push(id));
  await transaction(db, async (tx) => {
    await notify(tx, "attempt_changed", "undone");
    throw new Error("undone");
  }).catch(() => {});
  await transaction(db, async (tx) => {
    await notify(tx, "attempt_changed", "done");
    await notify(tx, "attempt_finished", "other channel");
    expect(heard).toEqual([]);
  });
  await until("heard", () => heard.length > 0);
  expect(heard).toEqual(["done"]);
  await stop();
  await notify(db, "attempt_changed", "late");
  expect(heard).toEqual(["done"]);
});

test("half of the events are heard within 50 ms", async () => {
  let heard = 0;
  const stop = await listen(database, "row_changed", () => {
    heard = performance.now();
  });
  const waits: number[] = [];
  for (let n = 0; n < 20; n++) {
    heard = 0;
    const sent = performance.now();
    await notify(db, "row_changed", `review:${n}`);
    await until("heard", () => heard > 0);
    waits.push(heard - sent);
  }
  waits.sort((a, b) => a - b);
  if (process.env.ASSAY_TEST_MEASURE)
    console.log("notify to handler, ms:", waits.map((ms) => ms.toFixed(1)).join(" "));
  expect(waits[10]).toBeLessThan(50);
  await stop();
});

test("a lost connection is listened on again, and whoever listens is told to look", async () => {
  const heard: string[] = [];
  let ready = 0;
  const stop = await listen(
    database,
    "attempt_changed",
    (id) => heard.push(id),
    () => ready++,
  );
  expect(ready).toBe(1);
  await database.sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`;
  await until("listening again", () => ready === 2);
  await notify(db, "attempt_changed", "after");
  await until("heard", () => heard.includes("after"));
  await stop();
});

test("more than an id is refused", async () => {
  await expect(notify(db, "row_changed", "x".repeat(200))).rejects.toThrow("carries an id");
});

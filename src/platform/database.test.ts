import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { freshDatabase } from "../../test/support/database.ts";
import { sqlState, transaction, violates, withoutDisk } from "./database.ts";
import { databaseNow } from "./time.ts";

const database = await freshDatabase();
await database.sql`create table things (id int constraint things_once primary key)`;
const count = async () => (await database.sql`select count(*)::int as n from things`)[0]?.n;

test("a transaction that throws leaves nothing", async () => {
  const failing = transaction(database.db, async (tx) => {
    await tx.execute(sql`insert into things values (1)`);
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(await count()).toBe(0);
});

test("a deadlock is tried again until both are done", async () => {
  await database.sql`insert into things values (10), (11)`;
  let holding = 0;
  const lock = (order: [number, number]) =>
    transaction(database.db, async (tx) => {
      await tx.execute(sql`select 1 from things where id = ${order[0]} for update`);
      holding++;
      while (holding < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      await tx.execute(sql`select 1 from things where id = ${order[1]} for update`);
    });
  await Promise.all([lock([10, 11]), lock([11, 10])]);
});

test("a commit that need not wait for the disk is the only one that does not", async () => {
  const setting = sql`select current_setting('synchronous_commit') as value`;
  await transaction(database.db, async (tx) => {
    await tx.execute(sql`insert into things values (20) returning ${withoutDisk}`);
    expect(await tx.execute(setting)).toEqual([{ value: "off" }]);
  });
  // Every connection of the pool is asked, the one that was used among them.
  const all = await Promise.all(Array.from({ length: 12 }, () => database.db.execute(setting)));
  expect(new Set(all.map(([row]) => row?.value))).toEqual(new Set(["on"]));
});

test("a broken unique index is told by its name", async () => {
  const twice = database.db.execute(sql`insert into things values (5), (5)`);
  const error = await twice.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(sqlState(error)).toBe("23505");
  expect(violates(error, "things_once")).toBe(true);
  expect(violates(error, "another")).toBe(false);
});

test("the database's time is a Date near ours", async () => {
  expect(Math.abs((await databaseNow(database.db)).getTime() - Date.now())).toBeLessThan(60_000);
});

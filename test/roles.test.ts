// What each database role may and may not do, asked of the database itself.
import { getTableName, isTable } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import * as accounts from "../src/accounts/tables.ts";
import { extensions } from "../src/assignments/tables.ts";
import { roster } from "../src/courses/tables.ts";
import { sqlState } from "../src/platform/database.ts";
import { tableGrants } from "../src/platform/grants.ts";
import { type LimitedRole, limitedRoles } from "../src/platform/roles.ts";
import * as review from "../src/review/tables.ts";
import { adjustments, rubricGrades } from "../src/submissions/tables.ts";
import { freshDatabase } from "./support/database.ts";

const DENIED = "42501";
const actions = ["select", "insert", "update", "delete", "truncate"] as const;
type Action = (typeof actions)[number];

const database = await freshDatabase();
const owner = new URL(database.url).username;
const as = { web: database.as("web"), worker: database.as("worker"), reader: database.as("reader") };
const tables = (
  await database.sql`select tablename from pg_tables where schemaname = 'public' order by 1`
).map(({ tablename }) => String(tablename));

/** Statements that change nothing even where they are allowed; what is denied is denied before any row is looked at. */
const statements: Record<Action, (table: string) => string> = {
  select: (table) => `select * from ${table} limit 0`,
  insert: (table) => `insert into ${table} overriding system value select * from ${table} where false`,
  update: (table) => `update ${table} set ${columnOf(table)} = default where false`,
  delete: (table) => `delete from ${table} where false`,
  truncate: (table) => `truncate ${table} cascade`,
};
const columns = new Map(
  (
    await database.sql`
      select c.relname as name, min(a.attname) as attribute from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'public'::regnamespace and a.attnum > 0 and a.attidentity = '' group by 1`
  ).map(({ name, attribute }) => [String(name), `"${attribute}"`]),
);
const columnOf = (table: string) => columns.get(table)!;

async function stateOf(role: LimitedRole, statement: string): Promise<string> {
  return as[role].sql
    .begin((tx) => tx.unsafe(statement))
    .then(
      () => "done",
      (error) => sqlState(error) ?? String(error),
    );
}

/** What stands in grants.ts of whole tables: `select (a, b)` is no right to the table. */
const granted = (role: LimitedRole, table: string): string[] =>
  (tableGrants[table]?.[role] ?? "").replaceAll(/\w+ \([^)]*\)/g, "").match(/\w+/g) ?? [];
const isGranted = (role: LimitedRole, table: string, action: Action) => {
  const has = granted(role, table);
  // The insert above also reads.
  return has.includes(action) && (action !== "insert" || has.includes("select"));
};

test("every table has its line in src/platform/grants.ts, and every line its table", () =>
  expect(Object.keys(tableGrants).toSorted()).toEqual(tables));

describe.each(limitedRoles)("%s", (role) => {
  test.each(tables)("may do with %s what its line says, and nothing else", async (table) => {
    for (const action of actions) {
      const expected = isGranted(role, table, action) ? "done" : DENIED;
      expect([action, await stateOf(role, statements[action](table))]).toEqual([action, expected]);
    }
  });

  test.each([
    ["make a table", "create table mine (id int)"],
    ["make a table in pg-boss's schema", "create table pgboss.mine (id int)"],
    ["change a table", "alter table attempts add column mine int"],
    ["drop a table", "drop table test_results"],
    ["switch off the audit log's trigger", "alter table audit_log disable trigger all"],
    ["replace the trigger's function", "drop function audit_log_refuse_change cascade"],
    ["skip triggers", "set session_replication_role = replica"],
    ["become the owner", `set role ${owner}`],
    ["make a role", "create role mine login"],
    [
      "have rights to tables to come",
      `alter default privileges for role ${owner} grant all on tables to public`,
    ],
    ["change which migrations were applied", "delete from drizzle.__drizzle_migrations"],
    ["read the server's files", "select pg_read_file('/etc/passwd')"],
    ["run a program", "copy (select 1) to program 'true'"],
    ["read passwords of roles", "select * from pg_authid"],
  ])("may not %s", async (_, statement) => expect(await stateOf(role, statement)).toBe(DENIED));
});

test("the worker has no right to any table of people or of what humans graded, but to add to the audit log", () => {
  const rooms = [
    ...Object.values(accounts),
    ...Object.values(review),
    rubricGrades,
    adjustments,
    extensions,
    roster,
  ];
  const rights = rooms
    .filter((each) => isTable(each))
    .map((each) => [getTableName(each), tableGrants[getTableName(each)]?.worker]);
  expect(rights.filter(([, right]) => right !== undefined)).toEqual([["audit_log", "insert"]]);
});

test.each([
  ["worker", "select secret from suite_versions"],
  ["worker", "select person_id from submissions"],
  ["worker", "update suite_versions set blob = ''"],
  ["reader", "select secret from suite_versions"],
  ["reader", "select key, token from attempts"],
  ["reader", "select * from pgboss.job"],
  ["reader", "select pgboss.create_queue('mine', '{}')"],
] as const)("%s may not: %s", async (role, statement) => expect(await stateOf(role, statement)).toBe(DENIED));

test.each([...limitedRoles, "owner"] as const)("%s changes no entry of the audit log", async (role) => {
  const { sql } = role === "owner" ? database : as[role];
  for (const statement of [
    "update audit_log set action = 'x'",
    "delete from audit_log",
    "truncate audit_log",
  ])
    await expect(sql.unsafe(statement).catch((error) => sqlState(error))).resolves.toBe(DENIED);
});

test("web and worker add to the audit log", async () => {
  for (const role of ["web", "worker"] as const) {
    const add = "insert into audit_log (action, subject_kind, subject_id) values ('test.added', 'test', '1')";
    expect(await stateOf(role, add)).toBe("done");
  }
});

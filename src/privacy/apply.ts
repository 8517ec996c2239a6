// Works off the rules: counts what they reach, or does it, by the same conditions. Knows no person's rights.
import { type SQL, sql } from "drizzle-orm";
import { type Executor, idList, type Tx } from "../platform/database.ts";
import { type Kind, order, rules, type TableRule } from "./rules.ts";

/** Whose data it is, and the submissions whose files go. */
export type Reach = { work: readonly string[] } & ({ person: string } | { course: string });

export interface Line {
  table: string;
  kind: Kind;
  act: TableRule["act"];
  rows: number;
}

/** What would be done, table by table; nothing is changed. */
export async function countLines(db: Executor, reach: Reach): Promise<Line[]> {
  const lines: Line[] = [];
  for (const [table, rule, where] of reached(reach)) {
    const [counted] = await db.execute<{ rows: number }>(
      sql`select count(*)::int as rows from ${sql.identifier(table)} where ${where}`,
    );
    lines.push({ table, kind: rule.kind, act: rule.act, rows: counted!.rows });
  }
  return lines;
}

/** Does it. @returns what was done, table by table */
export async function applyLines(tx: Tx, reach: Reach): Promise<Line[]> {
  const lines: Line[] = [];
  for (const [table, rule, where] of reached(reach)) {
    if (rule.act === "keep") continue;
    const name = sql.identifier(table);
    const done =
      rule.act === "remove"
        ? await tx.execute(sql`delete from ${name} where ${where}`)
        : await tx.execute(sql`update ${name} set ${assigned(rule)} where ${where}`);
    lines.push({ table, kind: rule.kind, act: rule.act, rows: done.count });
  }
  return lines;
}

function assigned({ empties = {} }: TableRule): SQL {
  const each = Object.entries(empties).map(
    ([column, value]) => sql`${sql.identifier(column)} = ${sql.raw(value)}`,
  );
  return sql.join(each, sql`, `);
}

function reached(reach: Reach): [string, TableRule, SQL][] {
  return order.flatMap((table): [string, TableRule, SQL][] => {
    const rule = rules[table]!;
    const where = conditionOf(rule, reach);
    return where ? [[table, rule, where]] : [];
  });
}

/** Rows that a rule reaches; null where it reaches none. */
function conditionOf(rule: TableRule, reach: Reach): SQL | null {
  const column = (name: string) => sql.identifier(name);
  const work = idList(reach.work);
  const attempts = sql`select id from attempts where subject = any(${work}::text[])`;
  const some: SQL[] = [];
  if ("person" in reach) {
    for (const name of rule.of ?? []) some.push(sql`${column(name)} = ${reach.person}::uuid`);
    for (const name of rule.ofText ?? []) some.push(sql`${column(name)} = ${reach.person}`);
  } else if (rule.assignment) {
    const own = sql`select id from assignments where course_id = ${reach.course}::uuid`;
    some.push(sql`${column(rule.assignment)} in (${own})`);
  }
  for (const name of rule.work ?? []) some.push(sql`${column(name)} = any(${work})`);
  if (rule.subject) some.push(sql`${column(rule.subject)} = any(${work}::text[])`);
  if (rule.attempt) some.push(sql`${column(rule.attempt)} in (${attempts})`);
  if (rule.assignmentOfWork) {
    const theirs = sql`select assignment_id from submissions where id = any(${work})`;
    some.push(sql`${column(rule.assignmentOfWork)} in (${theirs})`);
  }
  if (some.length === 0) return null;
  const any = sql`(${sql.join(some, sql` or `)})`;
  return rule.only ? sql`${any} and ${sql.raw(rule.only)}` : any;
}

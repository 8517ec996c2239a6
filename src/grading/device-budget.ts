// Device seconds of a team in a week. What a job may use is held when it begins; when it ends the hold is released and
// what was measured is charged. A fault of ours is charged and refunded, so that the list tells what happened.
//
//   balance = grants − charges + refunds;  what can be spent now = balance − what is held and not released
import { and, eq, inArray, sql } from "drizzle-orm";
import type { Executor, Tx } from "../platform/database.ts";
import { type Attempt, type DeviceEntryKind, deviceEntries } from "./tables.ts";

export interface Balance {
  grants: number;
  charges: number;
  refunds: number;
  /** Held by jobs that run now. */
  held: number;
}

/** Seconds that are the team's. */
export const balanceOf = ({ grants, charges, refunds }: Balance): number => grants - charges + refunds;
/** Of these, what another job may still hold. */
export const spendable = (balance: Balance): number => balanceOf(balance) - balance.held;

/**
 * What a job holds when it begins: as long as it may run, or all that is left; null where nothing is left.
 * One that has little left may begin, and owes at most what its own time limit exceeds it by.
 */
export function holdFor(balance: Balance, limitSeconds: number): number | null {
  const left = spendable(balance);
  return left <= 0 ? null : Math.min(left, Math.ceil(limitSeconds));
}

export const THIS_WEEK = sql`date_trunc('week', now() at time zone 'UTC')::date`;

/** A team's week as it is now; a week that nobody has used yet has its grant all the same. */
export async function weekBalance(db: Executor, team: string, weekSeconds: number): Promise<Balance> {
  return (await weekBalances(db, new Map([[team, weekSeconds]]))).get(team)!;
}

/** The same for many. @param granted what each has for a week, by team */
export async function weekBalances(
  db: Executor,
  granted: ReadonlyMap<string, number>,
): Promise<Map<string, Balance>> {
  const sum = (kind: DeviceEntryKind) =>
    sql<number>`coalesce(sum(${deviceEntries.seconds}) filter (where ${deviceEntries.kind} = ${kind}), 0)::int`;
  const rows =
    granted.size === 0
      ? []
      : await db
          .select({
            team: deviceEntries.team,
            granted: sql<boolean>`coalesce(bool_or(${deviceEntries.kind} = 'grant'), false)`,
            ...{ grants: sum("grant"), charges: sum("charge"), refunds: sum("refund") },
            held: sql<number>`(${sum("hold")} - ${sum("release")})::int`,
          })
          .from(deviceEntries)
          .where(and(inArray(deviceEntries.team, [...granted.keys()]), eq(deviceEntries.week, THIS_WEEK)))
          .groupBy(deviceEntries.team);
  const told = new Map(rows.map((row) => [row.team, row]));
  return new Map(
    [...granted].map(([team, weekSeconds]) => {
      const { granted = false, grants = 0, charges = 0, refunds = 0, held = 0 } = told.get(team) ?? {};
      return [team, { grants: granted ? grants : weekSeconds, charges, refunds, held }];
    }),
  );
}

/** Holds what the job may use. The team is locked. */
export async function holdDevice(tx: Tx, attempt: Attempt, seconds: number): Promise<void> {
  const { team, weekSeconds } = attempt;
  if (weekSeconds === null) return;
  await tx
    .insert(deviceEntries)
    .values({ team, week: THIS_WEEK as never, kind: "grant", seconds: weekSeconds })
    .onConflictDoNothing();
  await add(tx, attempt, "hold", sql`${seconds}::int`, THIS_WEEK);
}

/**
 * Ends what an attempt held, in the transaction that ends the attempt; nothing for one that held nothing. Counts in
 * the week in which it was held, so that a job over midnight on Sunday takes nothing from the new week.
 * @param whose a fault of `ours` costs nothing.
 */
export async function settleDevice(tx: Tx, attempt: Attempt, whose: "ours" | "theirs"): Promise<void> {
  if (attempt.weekSeconds === null) return;
  const [held] = await tx
    .select({ seconds: deviceEntries.seconds, week: deviceEntries.week })
    .from(deviceEntries)
    .where(and(eq(deviceEntries.attemptId, attempt.id), eq(deviceEntries.kind, "hold")));
  if (!held) return;
  const week = sql`${held.week}::date`;
  const used = sql`${countOf(attempt)}::int * greatest(0, ceil(extract(epoch from clock_timestamp() -
    coalesce(${attempt.startedAt?.toISOString() ?? null}::timestamptz, clock_timestamp()))))::int`;
  await add(tx, attempt, "release", sql`${held.seconds}::int`, week);
  const charged = await add(tx, attempt, "charge", used, week);
  if (whose === "ours" && charged !== null) await add(tx, attempt, "refund", sql`${charged}::int`, week);
}

/** How many devices the attempt has while it runs. */
export function countOf({ suiteConfig }: Pick<Attempt, "suiteConfig">): number {
  const { gpu } = suiteConfig.limits;
  return gpu === "none" ? 0 : gpu.count;
}

async function add(
  tx: Tx,
  { id: attemptId, team }: Attempt,
  kind: DeviceEntryKind,
  seconds: ReturnType<typeof sql>,
  week: ReturnType<typeof sql>,
): Promise<number | null> {
  const [row] = await tx
    .insert(deviceEntries)
    .values({ team, week: week as never, kind, seconds: seconds as never, attemptId })
    .onConflictDoNothing()
    .returning({ seconds: deviceEntries.seconds });
  return row?.seconds ?? null;
}

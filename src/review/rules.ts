// What may be given, and in which order people review. Pure.
import { createHash } from "node:crypto";
import type { SuiteConfig } from "../judge/suite.ts";

type Item = SuiteConfig["rubric"][number];

/** `7.5` as 750; null for what is no number of points with at most two decimals. */
export function readPoints(text: string): number | null {
  const trimmed = text.trim().replace("−", "-");
  return /^[+-]?\d{1,5}(\.\d{1,2})?$/.test(trimmed) ? Math.round(Number(trimmed) * 100) : null;
}

/** An item's most points in hundredths. */
export const mostOf = (item: Item): number => Math.round(item.points * 100);

/** Points given for the items that the rubric has; a grade of an item that is gone counts nothing. */
export function rubricSum(
  rubric: readonly Item[],
  grades: readonly { item: string; points: number }[],
): { given: number; max: number; left: number } {
  const points = new Map(grades.map((grade) => [grade.item, grade.points]));
  return {
    given: rubric.reduce((sum, item) => sum + Math.min(mostOf(item), points.get(item.id) ?? 0), 0),
    max: rubric.reduce((sum, item) => sum + mostOf(item), 0),
    left: rubric.filter((item) => !points.has(item.id)).length,
  };
}

/**
 * The order in which one person reviews: the same each time, another for everybody, and never the alphabet, since
 * those at its end would always meet a tired reader.
 */
export function reviewOrder<T extends { id: string }>(reviewerId: string, submissions: readonly T[]): T[] {
  const place = (id: string) => createHash("sha256").update(`${reviewerId} ${id}`).digest("hex");
  return submissions
    .map((one) => ({ one, at: place(one.id) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ one }) => one);
}

/** The nearest others that still have something to grade, from where somebody is; going round at the ends. */
export function neighbours<T extends { id: string; left: number }>(
  order: readonly T[],
  id: string,
): { previous: T | null; next: T | null } {
  const at = order.findIndex((one) => one.id === id);
  const round = at < 0 ? order : [...order.slice(at + 1), ...order.slice(0, at)];
  const open = round.filter((one) => one.left > 0);
  return { previous: open.at(-1) ?? null, next: open[0] ?? null };
}

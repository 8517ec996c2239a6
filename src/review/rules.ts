// What may be given, and in which order people review. Pure.
import { createHash } from "node:crypto";

/** `7.5` as 750; null for what is no number of points with at most two decimals. */
export function readPoints(text: string): number | null {
  const trimmed = text.trim().replace("−", "-");
  return /^[+-]?\d{1,5}(\.\d{1,2})?$/.test(trimmed) ? Math.round(Number(trimmed) * 100) : null;
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

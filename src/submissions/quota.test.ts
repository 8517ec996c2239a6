import fc from "fast-check";
import { expect, test } from "vitest";
import { attemptsLeft, cooldownLeft, feedbackFor, type QuotaLimits, type Used } from "./quota.ts";
import type { Feedback } from "./tables.ts";

const now = new Date("2026-11-20T12:00:00Z");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const none: QuotaLimits = { attemptsTotal: null, attemptsPerDay: null, cooldownSeconds: 0 };
const used = (total: number, today = total, lastAt: Date | null = null): Used => ({ total, today, lastAt });

test.each<[string, Partial<QuotaLimits>, Used, Feedback]>([
  ["no limits", {}, used(1000), "full"],
  ["the first of three", { attemptsTotal: 3 }, used(0), "full"],
  ["the last of three", { attemptsTotal: 3 }, used(2), "full"],
  ["one beyond three", { attemptsTotal: 3 }, used(3), "verdicts"],
  ["three beyond three", { attemptsTotal: 3 }, used(5), "verdicts"],
  ["four beyond three", { attemptsTotal: 3 }, used(6), "received"],
  ["the last of a day", { attemptsPerDay: 2 }, used(9, 1), "full"],
  ["beyond a day's", { attemptsPerDay: 2 }, used(9, 2), "verdicts"],
  ["far beyond a day's", { attemptsPerDay: 2 }, used(9, 4), "received"],
  ["the next day", { attemptsPerDay: 2 }, used(9, 0), "full"],
  ["the worse of two limits", { attemptsPerDay: 2, attemptsTotal: 3 }, used(6, 1), "received"],
  ["within the cooldown", { cooldownSeconds: 60 }, used(1, 1, ago(59)), "verdicts"],
  ["when the cooldown is over", { cooldownSeconds: 60 }, used(1, 1, ago(60)), "full"],
  ["a last one that counts later than this", { cooldownSeconds: 0 }, used(1, 1, ago(-30)), "full"],
  ["no cooldown before the first", { cooldownSeconds: 60 }, used(0), "full"],
  [
    "a cooldown adds nothing to less",
    { cooldownSeconds: 60, attemptsTotal: 1 },
    used(2, 2, ago(1)),
    "received",
  ],
])("%s", (_, limits, was, feedback) => expect(feedbackFor({ ...none, ...limits }, was, now)).toBe(feedback));

test.each<[Partial<QuotaLimits>, Used, number | null]>([
  [{}, used(5), null],
  [{ attemptsTotal: 3 }, used(1), 2],
  [{ attemptsTotal: 3 }, used(7), 0],
  [{ attemptsTotal: 10, attemptsPerDay: 2 }, used(3, 1), 1],
  [{ attemptsTotal: 4, attemptsPerDay: 2 }, used(3, 0), 1],
])("%j after %j leaves %s", (limits, was, left) => {
  expect(attemptsLeft({ ...none, ...limits }, was)).toBe(left);
});

test.each([
  [0, 600],
  [599.2, 1],
  [600, 0],
  [-5, 600],
])("%d s after the last the cooldown has %d s left", (seconds, left) => {
  expect(cooldownLeft({ cooldownSeconds: 600 }, used(1, 1, ago(seconds)), now)).toBe(left);
});

test("more used never means more feedback", () => {
  const rank = { full: 0, verdicts: 1, received: 2 };
  const limit = fc.option(fc.integer({ min: 1, max: 9 }));
  fc.assert(
    fc.property(limit, limit, fc.nat(30), fc.nat(30), fc.nat(5), (total, day, all, today, more) => {
      const limits = { ...none, attemptsTotal: total, attemptsPerDay: day };
      const before = rank[feedbackFor(limits, used(all, today), now)];
      expect(rank[feedbackFor(limits, used(all + more, today + more), now)]).toBeGreaterThanOrEqual(before);
    }),
  );
});

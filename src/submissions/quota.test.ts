import { expect, test } from "vitest";
import { quotaRefusal } from "./quota.ts";

const now = new Date("2026-11-26T12:00:00Z");
const lastAt = (secondsAgo: number) => new Date(now.getTime() - secondsAgo * 1000);
const used = (secondsAgo: number) => ({ total: 3, today: 3, lastAt: lastAt(secondsAgo) });
const limits = (cooldownSeconds: number) => ({ attemptsTotal: null, attemptsPerDay: null, cooldownSeconds });

test.each<[string, number, number, number | null]>([
  ["the last second of the pause is refused", 60, 59, 1],
  ["then it is free", 60, 60, null],
  ["no pause", 0, 0, null],
  ["no pause, and the other of two at once was received later but written first", 0, -6, null],
  ["a pause, and the same: the whole of it, not more", 60, -6, 60],
])("%s", (_, cooldown, secondsAgo, seconds) => {
  const refusal = quotaRefusal(limits(cooldown), used(secondsAgo), now);
  expect(refusal).toEqual(seconds === null ? null : { code: "cooldown", seconds });
});

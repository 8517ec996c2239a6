import { expect, test } from "vitest";
import type { LateQuote } from "./late-days.ts";
import { lateNotAccepted, lateTime, lateWords } from "./late-words.ts";

const quote = (given: Partial<LateQuote>): LateQuote => ({
  days: 1,
  seconds: 3 * 3600,
  work: "homework",
  percent: 0,
  charge: 0,
  left: 0,
  covered: 0,
  others: [],
  without: [],
  charges: [],
  costs: true,
  ...given,
});

test.each<[number, string, string]>([
  [1, "1 min", "1 分钟"],
  [61, "2 min", "2 分钟"],
  [3600, "1 h", "1 小时"],
  [3 * 3600, "3 h", "3 小时"],
  [3 * 3600 + 1, "4 h", "4 小时"],
  [86_400, "1 d", "1 天"],
  [2 * 86_400 + 4 * 3600, "2 d 4 h", "2 天 4 小时"],
])("%d s is %s, %s", (seconds, en, zh) => {
  expect([lateTime(seconds, "en"), lateTime(seconds, "zh")]).toEqual([en, zh]);
});

test.each<[Partial<LateQuote>, string]>([
  [{ charge: 1, left: 4, covered: 1 }, "3 h late: 1 of your 4 late days."],
  [{ charge: 1, left: 1, covered: 1 }, "3 h late: 1 of your 1 late day."],
  [
    { charge: 1, left: 4, covered: 1, without: ["Ben"] },
    "3 h late: 1 of your 4 late days; Ben has none left.",
  ],
  [
    { charge: 1, left: 4, covered: 1, others: [{ name: "Ben", days: 2 }] },
    "3 h late: 1 of your 4 late days; 2 late days of Ben.",
  ],
  [
    { covered: 1, others: [{ name: "Ben", days: 1 }] },
    "3 h late: late days spent on this assignment pay for it; 1 late day of Ben.",
  ],
  [{ percent: 10 }, "3 h late: you have no late days left; 10 % of your points."],
  [{ charge: 1, left: 1, covered: 1, percent: 20 }, "3 h late: 1 of your 1 late day; 20 % of your points."],
  [{ covered: 1, left: 3 }, "3 h late: late days spent on this assignment pay for it."],
  [{ costs: false }, "3 h late: at no cost."],
])("%j reads as %s", (given, words) => expect(lateWords(quote(given), "en")).toBe(words));

test("the refusal says in both languages what it costs and how to agree", () => {
  const refusal = lateNotAccepted(quote({ charge: 1, left: 4, covered: 1 }));
  expect([refusal.code, refusal.params]).toEqual(["late_not_accepted", { days: 1 }]);
  expect(refusal.sentence("en")).toMatch(/1 of your 4 late days.*--accept-late/);
  expect(refusal.sentence("zh")).toMatch(/剩余 4 个迟交日中的 1 个.*--accept-late/);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { totalOf } from "../scoring/total.ts";
import {
  acceptanceOf,
  type Dates,
  delayOf,
  lastDueDatePassed,
  latePolicyOf,
  laterDue,
  type PersonDates,
  timingAt,
} from "./dates.ts";

const on = (time: string) => new Date(`2026-11-${time}Z`);
const due = on("20T23:59:00");
const plain: Dates = {
  state: "open",
  opensAt: on("10T08:00:00"),
  dueAt: due,
  graceSeconds: 600,
  latePercentPerDay: 10,
  lateLastDay: 2,
  resultsPublishedAt: null,
};

test.each([
  ["before the opening", plain, "10T07:59:59", "not_open_yet"],
  ["at the opening", plain, "10T08:00:00", "open"],
  ["on the due date", plain, "20T23:59:59", "open"],
  ["within the second late day", plain, "23T00:09:59", "open"],
  ["when the third late day begins", plain, "23T00:10:00", "past_due"],
  ["without late days, within the grace", { ...plain, lateLastDay: 0 }, "21T00:09:59", "open"],
  ["without late days, after the grace", { ...plain, lateLastDay: 0 }, "21T00:10:00", "past_due"],
  ["when late work has no end", { ...plain, lateLastDay: null }, "30T00:00:00", "open"],
  ["when staff have closed it", { ...plain, state: "closed" as const }, "15T00:00:00", "closed"],
  ["while it is a draft", { ...plain, state: "draft" as const }, "15T00:00:00", "closed"],
])("%s", (_, dates, at, said) => expect(acceptanceOf(dates, due, on(at))).toBe(said));

/** Hidden results of `plain` open at 23T00:10:00. */
test.each([
  [
    "a later date moves what all wait for",
    plain,
    due,
    "22T12:00:00",
    "21T00:00:00",
    ["23T00:10:00", "24T12:11:00"],
  ],
  [
    "granted before the due date, too",
    plain,
    due,
    "22T12:00:00",
    "12T00:00:00",
    ["23T00:10:00", "24T12:11:00"],
  ],
  ["somebody else has as late a date", plain, on("22T12:00:00"), "22T12:00:00", "21T00:00:00", null],
  ["somebody else has a later one", plain, on("25T12:00:00"), "22T12:00:00", "21T00:00:00", null],
  ["no later than the due date", plain, due, "20T23:59:00", "21T00:00:00", null],
  [
    "late work without end: staff open them by closing",
    { ...plain, lateLastDay: null },
    due,
    "22T12:00:00",
    "21T00:00:00",
    null,
  ],
  ["no due date", { ...plain, dueAt: null }, null, "22T12:00:00", "21T00:00:00", null],
  [
    "they are open: it closes them again",
    plain,
    due,
    "28T12:00:00",
    "26T00:00:00",
    ["23T00:10:00", "30T12:11:00"],
  ],
  ["the very moment of opening", plain, due, "28T12:00:00", "23T00:10:00", ["23T00:10:00", "30T12:11:00"]],
  ["a date whose late days have ended already", plain, due, "21T12:00:00", "27T00:00:00", null],
  [
    "nothing late is taken",
    { ...plain, lateLastDay: 0 },
    due,
    "22T12:00:00",
    "20T00:00:00",
    ["21T00:10:00", "22T12:11:00"],
  ],
] as const)("an extension: %s", (_, dates, last, wanted, at, moments) => {
  const delay = delayOf(dates, last, on(wanted), on(at));
  if (moments === null) return expect(delay).toBeNull();
  const [from, until] = moments.map((moment) => on(moment));
  expect(delay).toEqual({ from, until, closes: from! <= on(at) });
});

test("what is said before a grant is what follows from it", () => {
  const day = fc
    .integer({ min: 0, max: 20 * 24 })
    .map((hours) => new Date(on("15T00:00:00").getTime() + hours * 3_600_000));
  const lateDays = fc.constantFrom(0, 1, 3);
  const property = fc.property(day, day, day, lateDays, (last, wanted, now, lateLastDay) => {
    const dates = { ...plain, lateLastDay };
    const delay = delayOf(dates, last, wanted, now);
    const passed = (due: Date, at: Date) => lastDueDatePassed(dates, due, at);
    const then = laterDue(last, wanted)!;
    if (!delay) return passed(then, now) === passed(last, now);
    const before = new Date(delay.until.getTime() - 1);
    return (
      delay.closes === passed(last, now) &&
      !passed(then, now) &&
      !passed(then, before) &&
      passed(then, delay.until)
    );
  });
  fc.assert(property, { numRuns: 100 });
});

test.each([
  ["hidden results stay closed while late work is taken", plain, due, "23T00:09:59", false],
  ["and open when the last late day has ended", plain, due, "23T00:10:00", true],
  ["one extension keeps them closed for all", plain, on("25T23:59:00"), "24T00:00:00", false],
  ["late work without end keeps them closed", { ...plain, lateLastDay: null }, due, "29T00:00:00", false],
  [
    "until staff close it",
    { ...plain, lateLastDay: null, state: "closed" as const },
    due,
    "29T00:00:00",
    true,
  ],
  ["closing early opens nothing", { ...plain, state: "closed" as const }, due, "15T00:00:00", false],
  ["no due date, still open", { ...plain, dueAt: null }, null, "29T00:00:00", false],
  [
    "no due date, closed by staff",
    { ...plain, dueAt: null, state: "closed" as const },
    null,
    "29T00:00:00",
    true,
  ],
])("%s", (_, dates, last, at, passed) => expect(lastDueDatePassed(dates, last, on(at))).toBe(passed));

test.each<[string, Date | null, Date | null, Date | null]>([
  ["an extension moves the date", on("20T23:59:00"), on("22T23:59:00"), on("22T23:59:00")],
  ["an earlier one does not", on("20T23:59:00"), on("19T23:59:00"), on("20T23:59:00")],
  ["the same date", on("20T23:59:00"), on("20T23:59:00"), on("20T23:59:00")],
  ["an assignment without end has none with an extension either", null, on("22T23:59:00"), null],
  ["no extension", on("20T23:59:00"), null, on("20T23:59:00")],
])("%s", (_, assigned, extended, later) => expect(laterDue(assigned, extended)).toEqual(later));

const dated: Dates = {
  ...plain,
  lateFlatPercent: 5,
  earlyAt: on("15T23:59:00"),
  earlyBonusPercent: 5,
  earlyMalusPercent: 10,
};
const person = (given: Partial<PersonDates>): PersonDates => ({ due, spent: 0, early: false, ...given });

test.each<[string, PersonDates, string, [number, number, "by" | "missed" | null]]>([
  ["by the early date", person({ early: true }), "15T23:59:59", [0, 0, "by"]],
  ["a minute after it, with nothing before", person({}), "16T00:00:00", [0, 0, "missed"]],
  ["a minute after it, with something before", person({ early: true }), "16T00:00:00", [0, 0, null]],
  ["within the grace", person({ early: true }), "21T00:09:59", [0, 0, null]],
  ["a day late", person({ early: true }), "21T00:10:00", [1, 0, null]],
  ["a day late that is paid for", person({ early: true, spent: 2 }), "21T00:10:00", [1, 1, null]],
  ["two days late, one paid for", person({ early: true, spent: 1 }), "22T00:10:00", [2, 1, null]],
  ["no due date", person({ due: null }), "29T00:00:00", [0, 0, "missed"]],
  [
    "an extension makes it on time",
    person({ due: on("25T23:59:00"), early: true }),
    "22T00:10:00",
    [0, 0, null],
  ],
])("%s", (_, who, at, [days, spent, early]) => {
  expect(timingAt(dated, who, on(at))).toEqual({ days, spent, early });
});

test("an extension never lowers a score", () => {
  const days = fc.integer({ min: 0, max: 20 * 86_400 });
  const percent = fc.nat(100);
  fc.assert(
    fc.property(
      days,
      days,
      fc.nat(8),
      percent,
      percent,
      fc.boolean(),
      (received, more, spent, flat, perDay, early) => {
        const dates = { ...dated, lateFlatPercent: flat, latePercentPerDay: perDay };
        const at = new Date(due.getTime() + received * 1000 - 5 * 86_400_000);
        const score = (extended: Date) => {
          const timing = timingAt(dates, person({ due: laterDue(due, extended), spent, early }), at);
          return totalOf({ tests: 8000, rubric: 1500, adjustments: [] }, latePolicyOf(dates), timing).total;
        };
        expect(score(new Date(due.getTime() + more * 1000))).toBeGreaterThanOrEqual(score(due));
      },
    ),
  );
});

test("no extension, however early, makes anybody's date earlier", () => {
  const moment = fc.date({ noInvalidDate: true });
  fc.assert(
    fc.property(moment, moment, (assigned, extended) => {
      expect(laterDue(assigned, extended)! >= assigned).toBe(true);
    }),
  );
});

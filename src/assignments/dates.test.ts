import { expect, test } from "vitest";
import { acceptanceOf, type Dates, lastDueDatePassed } from "./dates.ts";

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

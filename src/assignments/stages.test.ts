import { expect, test } from "vitest";
import { acceptanceOf, type Dates } from "./dates.ts";
import { acceptanceEnds } from "./stages.ts";

const on = (time: string) => new Date(`2026-11-${time}Z`);

test.each<[string, number, number | null, Date | null, Date | null]>([
  ["a shown minute is included", 0, 0, on("20T23:59:00"), on("21T00:00:00")],
  ["a deadline to the second is not", 0, 0, on("20T23:59:30"), on("20T23:59:30")],
  ["grace is added", 600, 0, on("20T23:59:00"), on("21T00:10:00")],
  ["and every late day that is taken", 600, 2, on("20T23:59:00"), on("23T00:10:00")],
  ["late work without end: due and grace", 600, null, on("20T23:59:00"), on("21T00:10:00")],
  ["an extension moves it", 0, 0, on("25T12:00:00"), on("25T12:01:00")],
  ["no due date, no end", 600, 2, null, null],
])("%s", (_, graceSeconds, lateLastDay, due, ends) => {
  expect(acceptanceEnds({ graceSeconds, lateLastDay }, due)).toEqual(ends);
});

test.each([0, 1, 3])(
  "with %d late days nothing is taken from that moment on, and everything until it",
  (days) => {
    const dates: Dates = {
      state: "open",
      opensAt: null,
      dueAt: on("20T23:59:00"),
      graceSeconds: 600,
      latePercentPerDay: 10,
      lateLastDay: days,
      resultsPublishedAt: null,
    };
    const ends = acceptanceEnds(dates, dates.dueAt)!;
    expect(acceptanceOf(dates, dates.dueAt, ends)).toBe("past_due");
    expect(acceptanceOf(dates, dates.dueAt, new Date(ends.getTime() - 1))).toBe("open");
  },
);

import { expect, test } from "vitest";
import type { Assignment } from "../../assignments/tables.ts";
import { fields, readSettings } from "./fields.ts";

const title = { "title-en": "Title", "title-zh": "标题" };
const read = (form: Record<string, string>) => readSettings({ ...title, ...form }, "Asia/Shanghai");

test.each<[string, Record<string, string>, object]>([
  ["a date in the course's zone", { dueAt: "2026-11-20T23:59" }, { dueAt: new Date("2026-11-20T15:59Z") }],
  ["no date", { dueAt: "" }, { dueAt: null }],
  ["minutes of grace", { graceSeconds: "10" }, { graceSeconds: 600 }],
  ["late work without end", { lateLastDay: "" }, { lateLastDay: null }],
  ["nothing late", { lateLastDay: "0" }, { lateLastDay: 0 }],
  ["no limit", { attemptsTotal: " " }, { attemptsTotal: null }],
  ["a state", { state: "closed" }, { state: "closed" }],
  ["no suite", { suiteVersionId: "" }, { suiteVersionId: null }],
])("%s is read", (_, form, change) => {
  expect(read(form)).toEqual({ change: { title: { en: "Title", zh: "标题" }, ...change }, wrong: [] });
});

test.each<[string, Record<string, string>, string]>([
  ["a date that is none", { dueAt: "2026-02-30T10:00" }, "dueAt"],
  ["half a minute", { graceSeconds: "0.5" }, "graceSeconds"],
  ["more than all points", { latePercentPerDay: "101" }, "latePercentPerDay"],
  ["no attempt at all", { attemptsTotal: "0" }, "attemptsTotal"],
  ["an unknown rule", { counting: "worst" }, "counting"],
  ["an empty percentage", { latePercentPerDay: "" }, "latePercentPerDay"],
  ["no title", { "title-zh": " " }, "title-zh"],
])("%s is named as wrong", (_, form, name) => expect(read(form).wrong).toEqual([name]));

test("what is shown of an assignment is read back as it was", () => {
  const assignment = {
    ...{ state: "open", opensAt: null, dueAt: new Date("2026-11-20T15:59Z"), graceSeconds: 600 },
    ...{ latePercentPerDay: 10, lateLastDay: null, counting: "best", attemptsTotal: 30 },
    ...{ attemptsPerDay: null, cooldownSeconds: 0 },
  } as unknown as Assignment;
  const form = Object.fromEntries(
    fields.map((field) => [field.name, field.show(assignment, "Asia/Shanghai")] as const),
  );
  const { change } = read(form);
  for (const field of fields) {
    const name = field.name as keyof Assignment & keyof typeof change;
    if (name in assignment) expect([name, change[name]]).toEqual([name, assignment[name]]);
  }
});

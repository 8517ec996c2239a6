import { expect, test } from "vitest";
import { type MetadataFacts, metadataOf } from "./autograder-metadata.ts";

const facts: MetadataFacts = {
  submission: { id: "s1", receivedAt: new Date("2026-11-26T15:59:59Z") },
  assignment: {
    id: "a1",
    courseId: "c1",
    title: { en: "Kernels", zh: "核" },
    opensAt: null,
    dueAt: new Date("2026-11-26T16:00:00Z"),
  },
  lateDue: null,
  totalPoints: 12_000,
  users: [
    {
      id: "p1",
      name: "张三",
      email: "zhang@assay.example",
      sid: "2026001",
      dueAt: new Date("2026-11-28T16:00:00Z"),
    },
  ],
  previous: [
    { at: new Date("2026-11-20T00:00:00Z"), score: 350, failed: false },
    { at: new Date("2026-11-21T00:00:00Z"), score: null, failed: true },
  ],
  lastResults: { score: 3.5, extra_data: { seed: 7 } },
};

test("is written as Gradescope writes it: times with an offset, points as text, the extension's date with the person", () => {
  expect(metadataOf(facts)).toMatchObject({
    created_at: "2026-11-26T15:59:59.000+00:00",
    assignment_id: null,
    submission_method: "upload",
    assignment: {
      due_date: "2026-11-26T16:00:00.000+00:00",
      late_due_date: null,
      release_date: null,
      group_size: null,
      group_submission: false,
      total_points: "120.0",
      outline: [],
      title: "Kernels",
    },
    users: [{ name: "张三", sid: "2026001", assignment: { due_date: "2026-11-28T16:00:00.000+00:00" } }],
  });
});

test("the forerunners are there oldest first, and only the latest has its results", () => {
  const { previous_submissions: previous } = metadataOf(facts);
  expect(previous).toEqual([
    { submission_time: "2026-11-20T00:00:00.000+00:00", score: 3.5, autograder_error: false },
    {
      submission_time: "2026-11-21T00:00:00.000+00:00",
      score: 0,
      autograder_error: true,
      results: { score: 3.5, extra_data: { seed: 7 } },
    },
  ]);
});

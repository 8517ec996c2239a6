import { expect, test } from "vitest";
import { accountErrors } from "../accounts/errors.ts";
import { assignmentErrors } from "../assignments/errors.ts";
import { courseErrors } from "../courses/errors.ts";
import { gradebookErrors } from "../gradebook/errors.ts";
import { insightErrors } from "../insight/errors.ts";
import { lmsErrors } from "../lms/errors.ts";
import type { ErrorTable } from "../platform/errors.ts";
import { privacyErrors } from "../privacy/errors.ts";
import { reviewErrors } from "../review/errors.ts";
import { similarityErrors } from "../similarity/errors.ts";
import { storageErrors } from "../storage/errors.ts";
import { submissionErrors } from "../submissions/errors.ts";
import { suiteErrors } from "../suites/errors.ts";
import { httpErrors } from "./errors.ts";

const tables: Record<string, ErrorTable> = {
  accountErrors,
  assignmentErrors,
  courseErrors,
  gradebookErrors,
  httpErrors,
  insightErrors,
  lmsErrors,
  privacyErrors,
  reviewErrors,
  similarityErrors,
  storageErrors,
  submissionErrors,
  suiteErrors,
};
const codes = Object.entries(tables).flatMap(([table, entries]) =>
  Object.entries(entries).map(([code, entry]) => [`${table}.${code}`, entry] as const),
);
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test.each(codes)("%s says the same in both languages", (_, { status, en, zh }) => {
  expect(status).toBeGreaterThanOrEqual(400);
  expect(placeholders(zh)).toEqual(placeholders(en));
  expect(zh).toMatch(/[\u4e00-\u9fff]|^\{\w+\}：\{\w+\}$/);
  expect(en).not.toMatch(/[\u4e00-\u9fff]/);
});

import { expect, test } from "vitest";
import { freshDatabase } from "../../test/support/database.ts";
import { filesGo, hindranceOf, order, retentionState, rules, type TableRule } from "./rules.ts";

const database = await freshDatabase();
const ADVICE = "give it a rule in src/privacy/rules.ts";

interface Reference extends Record<string, unknown> {
  table: string;
  column: string;
  target: string;
}

/** Every column that refers to people, submissions or attempts. */
const references = await database.sql<Reference[]>`
  select c.conrelid::regclass::text as table, a.attname as column, c.confrelid::regclass::text as target
  from pg_constraint c cross join unnest(c.conkey) key
  join pg_attribute a on a.attrelid = c.conrelid and a.attnum = key
  where c.contype = 'f' and c.confrelid in ('people'::regclass, 'submissions'::regclass, 'attempts'::regclass)`;
/** The same by name, where a table of another band keeps no foreign key. */
const byName = await database.sql<{ table: string; column: string }[]>`
  select table_name as table, column_name as column from information_schema.columns where table_schema = 'public'
    and column_name in ('person_id', 'submission_id', 'attempt_id', 'email') and table_name not in ('people', 'standing_changes')`;
const columns = await database.sql<{ table: string; column: string; type: string }[]>`
  select table_name as table, column_name as column, data_type as type from information_schema.columns
  where table_schema = 'public'`;

const isKnown = (rule: TableRule | undefined, { column, target }: Pick<Reference, "column" | "target">) => {
  const { of = [], by = [], work = [], attempt } = rule ?? {};
  if (target === "people") return of.includes(column) || by.includes(column);
  return target === "attempts" ? attempt === column : work.includes(column);
};

test("every column that refers to a person, a submission or an attempt is in its table's rule", () => {
  expect(references.length).toBeGreaterThan(60);
  const forgotten = references.filter((one) => !isKnown(rules[one.table], one));
  expect(forgotten.map(({ table, column }) => `${table}.${column}: ${ADVICE}`)).toEqual([]);
  expect(byName.filter(({ table }) => !rules[table]).map(({ table }) => `${table}: ${ADVICE}`)).toEqual([]);
});

test("a table that is not in the rules is noticed", () => {
  const { extensions: _, ...fewer } = rules;
  const forgotten = references.filter((one) => !isKnown(fewer[one.table], one));
  expect(forgotten.map(({ table, column }) => `${table}.${column}`).sort()).toEqual([
    "extensions.granted_by",
    "extensions.person_id",
  ]);
});

test("every column of words in rows that stay is emptied or said to stay", () => {
  const wordy = columns.filter(({ type }) => ["text", "jsonb", "ARRAY", "inet"].includes(type));
  const unsaid = wordy.filter(({ table, column }) => {
    const rule = rules[table];
    const reached = rule && (rule.of ?? rule.work ?? rule.subject ?? rule.attempt ?? rule.assignmentOfWork);
    if (!rule || !reached || rule.act === "remove") return false;
    return !(column in (rule.empties ?? {})) && !rule.stays?.includes(column);
  });
  expect(unsaid.map(({ table, column }) => `${table}.${column}: empty it or let it stay`)).toEqual([]);
});

test("every table and column of the rules is there, and every table with somebody's rows says what an export shows", () => {
  const known = new Set(columns.map(({ table, column }) => `${table}.${column}`));
  const said = Object.entries(rules).flatMap(([table, rule]) =>
    [
      ...[
        rule.of,
        rule.ofText,
        rule.by,
        rule.work,
        rule.stays,
        rule.exported,
        Object.keys(rule.empties ?? {}),
      ],
      [rule.subject, rule.attempt, rule.assignment, rule.assignmentOfWork],
    ]
      .flatMap((some): (string | undefined)[] => [...(some ?? [])])
      .flatMap((column) => (column ? [`${table}.${column}`] : [])),
  );
  expect(said.filter((column) => !known.has(column))).toEqual([]);
  const silent = Object.entries(rules).filter(
    ([, { of, ofText, exported, withheld }]) =>
      (of ?? ofText) && (exported === undefined) === (withheld === undefined),
  );
  expect(silent.map(([table]) => table)).toEqual([]);
  expect([...order].sort()).toEqual(Object.keys(rules).sort());
});

/** What goes, what is emptied and what stays: changed on purpose or not at all. A later table need not stand here. */
test.each([
  [
    "remove",
    "accounts api_tokens artifacts contribution_statements group_members leaderboard_names line_comments lms_scores manifest_entries " +
      "notification_settings notifications resumable_uploads review_claims saved_comments sessions similarity_pairs " +
      "submission_imports upload_claims verifications",
  ],
  [
    "empty",
    "attempts extension_requests extensions group_mark_lines hold_backs moved_in people regrade_requests roster " +
      "rubric_grades settled_flags similarity_reports submissions test_results",
  ],
  [
    "keep",
    "adjustments audit_log chosen_submissions device_entries group_marks kept_standings late_day_entries refunds " +
      "rerun_entries reruns review_shares rota_moves rubric_worths score_rule_sets second_marks submission_members suite_proofs " +
      "suite_versions",
  ],
])("tables to %s", (act, tables) => {
  const named = tables.split(" ");
  expect(named.filter((table) => rules[table]?.act !== act)).toEqual([]);
});

const member = (id: string, removed = false) => ({ id, removed });
test.each([
  ["what somebody handed in alone goes with them", [member("a")], true],
  ["a group's work stays for the others", [member("a"), member("b")], false],
  ["it goes with the last of them", [member("a"), member("b", true)], true],
  ["one of two others is left", [member("a"), member("b", true), member("c")], false],
  ["it is not theirs", [member("b")], false],
  ["it is not theirs, though all others have gone", [member("b", true)], false],
])("%s", (_, members, goes) => expect(filesGo(members, "a")).toBe(goes));

const free = { removed: false, lastAdmin: false, lastInstructor: false, unfinished: 0, open: 0 };
test.each([
  ["nothing stands against it", {}, null],
  ["twice", { removed: true, open: 1 }, "person_removed"],
  ["the last administrator", { lastAdmin: true }, "last_admin"],
  ["a course's only instructor", { lastInstructor: true }, "last_instructor_of"],
  ["a grading is running", { unfinished: 1 }, "work_unfinished"],
  ["an appeal waits for its answer", { open: 1 }, "appeal_open"],
] as const)("deleting: %s", (_, change, hindrance) =>
  expect(hindranceOf({ ...free, ...change })).toBe(hindrance),
);

const on = (day: number) => new Date(Date.UTC(2026, 11, day));
const noon = new Date(Date.UTC(2026, 11, 10, 12));
test.each([
  ["without a date", null, null, 0, 0, "none"],
  ["the date taken back after it was done", null, on(3), 0, 0, "done"],
  ["the day before", on(11), null, 0, 0, "ahead"],
  ["the very moment", noon, null, 0, 0, "due"],
  ["the day after", on(10), null, 0, 0, "due"],
  ["a grading is running", on(10), null, 1, 0, "waiting"],
  ["an appeal waits", on(10), null, 0, 1, "waiting"],
  ["done", on(10), noon, 0, 0, "done"],
  ["done, and what came later has no date of its own", on(10), noon, 1, 1, "done"],
  ["done once, another date ahead", on(12), on(5), 0, 0, "ahead"],
  ["done once, another date has come", on(9), on(5), 0, 0, "due"],
] as const)("retention: %s", (_, retainUntil, clearedAt, unfinished, open, state) =>
  expect(retentionState({ retainUntil, clearedAt, unfinished, open }, noon)).toBe(state),
);

// An assignment's settings as fields of a form: how each is shown, and how it is read. A new setting is a line here,
// a column in assignments/tables.ts and two texts. Pure.
import type { AssignmentChange } from "../../assignments/assignments.ts";
import {
  type Assignment,
  assignmentStates,
  contributionSettings,
  countingRules,
  workKind,
} from "../../assignments/tables.ts";
import { readZoned, writeZoned } from "../../assignments/zoned.ts";
import { diagnosisReaders } from "../../judge/suite.ts";
import { groupLateRules } from "../../scoring/late-days.ts";
import type { MessageKey } from "../messages/translate.ts";

export const groups = ["dates", "late", "attempts"] as const;
export type Group = (typeof groups)[number];

export interface Field {
  name: string;
  group: Group;
  label: MessageKey;
  help?: MessageKey;
  input:
    | { type: "moment" }
    | { type: "number"; min: number; max: number }
    | { type: "text"; pattern: string }
    | { type: "choice"; options: [value: string, label: MessageKey][] };
  show(assignment: Assignment, zone: string): string;
  /** Null: what was typed cannot be used. */
  read(text: string, zone: string): AssignmentChange | null;
}

/** A setting that may be empty, which means that there is none. */
type Moment = "opensAt" | "dueAt" | "earlyAt";
type Whole =
  | "lateLastDay"
  | "attemptsTotal"
  | "attemptsPerDay"
  | "graceSeconds"
  | "latePercentPerDay"
  | "lateFlatPercent"
  | "lateDaysMost"
  | "gpuMinutesAWeek"
  | "earlyBonusPercent"
  | "earlyMalusPercent"
  | "cooldownSeconds"
  | "diagnosisAttempts";

const moment = (name: Moment, label: MessageKey, help?: MessageKey): Field => ({
  ...{ name, group: "dates", label, input: { type: "moment" }, ...(help && { help }) },
  show: (assignment, zone) => (assignment[name] ? writeZoned(assignment[name], zone) : ""),
  read: (text, zone) => {
    const at = text === "" ? null : readZoned(text, zone);
    return text !== "" && at === null ? null : { [name]: at };
  },
});

interface WholeNumber {
  name: Whole;
  group: Group;
  label: MessageKey;
  help?: MessageKey;
  min: number;
  max: number;
  /** How many of what is stored one of what is typed is: 60 for minutes. */
  times?: number;
  /** Whether the field may be left empty. */
  optional?: boolean;
}

const whole = ({ min, max, times = 1, optional = false, ...field }: WholeNumber): Field => ({
  ...field,
  input: { type: "number", min, max },
  show: (assignment) => {
    const value = assignment[field.name];
    return value === null ? "" : String(value / times);
  },
  read: (text) => {
    if (text === "") return optional ? { [field.name]: null } : null;
    const value = Number(text);
    return Number.isInteger(value) && value >= min && value <= max ? { [field.name]: value * times } : null;
  },
});

const choice = <Value extends string>(
  name: "state" | "counting" | "groupLateRule" | "contributions",
  group: Group,
  label: MessageKey,
  values: readonly Value[],
  labelOf: (value: Value) => MessageKey,
  help?: MessageKey,
): Field => ({
  ...{ name, group, label, ...(help && { help }) },
  input: { type: "choice", options: values.map((value) => [value, labelOf(value)]) },
  show: (assignment) => assignment[name],
  read: (text) => ((values as readonly string[]).includes(text) ? { [name]: text as never } : null),
});

const yesOrNo = (name: "gpuFallback", group: Group, label: MessageKey, help: MessageKey): Field => ({
  ...{ name, group, label, help },
  input: {
    type: "choice",
    options: [
      ["no", "settings.no"],
      ["yes", "settings.yes"],
    ],
  },
  show: (assignment) => (assignment[name] ? "yes" : "no"),
  read: (text) => (text === "yes" || text === "no" ? { [name]: text === "yes" } : null),
});

/** A word that stands elsewhere too: nothing is listed, so that a course may have its own. */
const kindOfWork: Field = {
  ...{ name: "workKind", group: "late", label: "settings.work", help: "settings.work.help" },
  input: { type: "text", pattern: "[a-z0-9][a-z0-9\\-]{0,31}" },
  show: (assignment) => assignment.workKind,
  read: (text) => (workKind.safeParse(text).success ? { workKind: text } : null),
};

/** Who is told of named mistakes; empty leaves it to the suite. */
const whoIsTold: Field = {
  ...{
    name: "diagnosisReaders",
    group: "attempts",
    label: "settings.diagnosis",
    help: "settings.diagnosis.help",
  },
  input: {
    type: "choice",
    options: [
      ["", "settings.diagnosis.suite"],
      ...diagnosisReaders.map((who): [string, MessageKey] => [who, `settings.diagnosis.${who}`]),
    ],
  },
  show: ({ diagnosisReaders: who }) => who ?? "",
  read: (text) => {
    const who = diagnosisReaders.find((one) => one === text);
    return who || text === "" ? { diagnosisReaders: who ?? null } : null;
  },
};

export const fields: Field[] = [
  choice(
    "state",
    "dates",
    "settings.state",
    assignmentStates,
    (state) => `settings.state.${state}`,
    "settings.state.help",
  ),
  moment("opensAt", "settings.opens", "settings.opens.help"),
  moment("dueAt", "settings.due", "settings.due.help"),
  whole({
    ...{ name: "graceSeconds", group: "late", label: "settings.grace", help: "settings.grace.help" },
    ...{ min: 0, max: 1440, times: 60 },
  }),
  whole({
    ...{ name: "latePercentPerDay", group: "late", label: "settings.late-percent" },
    ...{ min: 0, max: 100 },
  }),
  whole({
    ...{ name: "lateLastDay", group: "late", label: "settings.late-days", help: "settings.late-days.help" },
    ...{ min: 0, max: 365, optional: true },
  }),
  whole({
    ...{
      name: "lateFlatPercent",
      group: "late",
      label: "settings.late-flat",
      help: "settings.late-flat.help",
    },
    ...{ min: 0, max: 100 },
  }),
  kindOfWork,
  whole({
    ...{ name: "lateDaysMost", group: "late", label: "settings.late-most", help: "settings.late-most.help" },
    ...{ min: 0, max: 365, optional: true },
  }),
  choice(
    "groupLateRule",
    "late",
    "settings.group-late",
    groupLateRules,
    (rule) => `settings.group-late.${rule}`,
  ),
  { ...moment("earlyAt", "settings.early", "settings.early.help"), group: "late" },
  whole({
    ...{ name: "earlyBonusPercent", group: "late", label: "settings.early-bonus" },
    ...{ min: 0, max: 100 },
  }),
  whole({
    ...{ name: "earlyMalusPercent", group: "late", label: "settings.early-malus" },
    ...{ min: 0, max: 100 },
  }),
  choice(
    "contributions",
    "attempts",
    "settings.contributions",
    contributionSettings,
    (setting) => `settings.contributions.${setting}`,
    "settings.contributions.help",
  ),
  choice("counting", "attempts", "settings.counting", countingRules, (rule) => `settings.counting.${rule}`),
  whole({
    ...{ name: "attemptsTotal", group: "attempts", label: "settings.total", help: "settings.empty-is-none" },
    ...{ min: 1, max: 10_000, optional: true },
  }),
  whole({
    ...{
      name: "attemptsPerDay",
      group: "attempts",
      label: "settings.per-day",
      help: "settings.empty-is-none",
    },
    ...{ min: 1, max: 1000, optional: true },
  }),
  whole({
    ...{ name: "cooldownSeconds", group: "attempts", label: "settings.cooldown" },
    ...{ min: 0, max: 1440, times: 60 },
  }),
  whoIsTold,
  whole({
    ...{ name: "diagnosisAttempts", group: "attempts", label: "settings.diagnosis-attempts" },
    ...{ help: "settings.diagnosis-attempts.help", min: 1, max: 100, optional: true },
  }),
  whole({
    ...{ name: "gpuMinutesAWeek", group: "attempts", label: "settings.gpu-minutes" },
    ...{ help: "settings.gpu-minutes.help", min: 1, max: 10_080, optional: true },
  }),
  yesOrNo("gpuFallback", "attempts", "settings.gpu-fallback", "settings.gpu-fallback.help"),
];

export type Form = Record<string, string>;

export interface Reading {
  change: AssignmentChange;
  /** Names of fields that cannot be used. */
  wrong: string[];
}

/** What a form says; a field that it lacks is left as it is. */
export function readSettings(form: Form, zone: string): Reading {
  const change: AssignmentChange = {};
  const wrong: string[] = [];
  for (const field of fields) {
    const text = form[field.name]?.trim();
    if (text === undefined) continue;
    const read = field.read(text, zone);
    if (read === null) wrong.push(field.name);
    else Object.assign(change, read);
  }
  const title = { en: form["title-en"]?.trim() ?? "", zh: form["title-zh"]?.trim() ?? "" };
  for (const lang of ["en", "zh"] as const) {
    if (title[lang] === "" || title[lang].length > TITLE_LIMIT) wrong.push(`title-${lang}`);
  }
  const version = form.suiteVersionId?.trim();
  if (version !== undefined) change.suiteVersionId = version === "" ? null : version;
  return { change: { ...change, title }, wrong };
}

const TITLE_LIMIT = 200;

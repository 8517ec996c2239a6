// The form of an assignment's points, read into rules. Pure.
import { type ScoreRules, scoreRules } from "../../scoring/rules.ts";
import { readBands } from "./bands-text.ts";

/** A test as the form shows it: what the suite says, and what is in force. */
export interface PointsRow {
  name: string;
  title: string;
  /** Hundredths, as the suite says. */
  max: number;
}

/** @returns the rules, or what cannot be read. */
export function readPointsForm(
  form: Record<string, unknown>,
  rows: readonly PointsRow[],
): { rules: ScoreRules } | { problem: string } {
  const text = (name: string) => (typeof form[name] === "string" ? (form[name] as string).trim() : "");
  const marked = (what: string) =>
    rows.filter(({ name }) => text(`how:${name}`) === what).map(({ name }) => name);
  const points: Record<string, number> = {};
  for (const { name, max } of rows) {
    const given = text(`worth:${name}`);
    if (given === "") continue;
    if (!/^\d{1,5}(\.\d{1,2})?$/.test(given)) return { problem: `${name}: ${given.slice(0, 40)}` };
    const worth = Math.round(Number(given) * 100);
    if (worth !== max) points[name] = worth;
  }
  const bands = readBands(text("bands"));
  if ("problem" in bands) return bands;
  const read = scoreRules.safeParse({
    points,
    drop: marked("drop"),
    full: marked("full"),
    bonus: rows.filter(({ name }) => text(`bonus:${name}`) === "yes").map(({ name }) => name),
    bands: bands.bands,
  });
  return read.success ? { rules: read.data } : { problem: read.error.issues[0]?.message ?? "" };
}

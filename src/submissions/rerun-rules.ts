// Which submissions a re-run takes, what became of each, and which of them an acceptance changes. Pure.
import { createHash } from "node:crypto";
import { type CountingRule, whichCounts } from "../scoring/counting.ts";
import type { BatchScope, RerunPolicy } from "./tables.ts";

export interface InAssignment {
  id: string;
  receivedAt: Date;
  /** Everybody whose name is on it. */
  of: Owner[];
  /** The version that its result, or its grading, is of. */
  versionId: string;
  /** We failed to grade it, and a person has to look. */
  failed: boolean;
  /** Taken back by its student: nobody's result. */
  cancelled: boolean;
}

export interface Owner {
  personId: string;
  /** Hundredths after lateness by their own dates; null while it has no result. */
  score: number | null;
  /** They let this one count. */
  chosen: boolean;
}

export interface Scoped {
  scope: BatchScope;
  /** For `version`. */
  versionId: string | null;
}

/** A group's work is taken once, whichever of its members it counts for. */
export function inScope<S extends InAssignment>(rule: CountingRule, wish: Scoped, all: readonly S[]): S[] {
  const some = all.filter(({ cancelled }) => !cancelled);
  const ofEach = (by: CountingRule) => {
    const owned = some.flatMap(({ id, receivedAt, of }) => of.map((one) => ({ ...one, id, receivedAt })));
    const people = [...Map.groupBy(owned, ({ personId }) => personId).values()];
    const counting = new Set(
      people.map((mine) => whichCounts(by, mine, mine.find(({ chosen }) => chosen)?.id ?? null)?.id),
    );
    return some.filter(({ id }) => counting.has(id));
  };
  switch (wish.scope) {
    case "counted":
      return ofEach(rule);
    case "latest":
    case "best":
      return ofEach(wish.scope);
    case "all":
      return some;
    case "ours":
      return some.filter(({ failed }) => failed);
    case "version":
      return some.filter(({ versionId }) => versionId === wish.versionId);
  }
}

/** A result, or what stands for it: hundredths are there when it has ended as it should. */
export interface Side {
  attemptId: string | null;
  score: number | null;
  max: number | null;
}

export interface Compared {
  submissionId: string;
  before: Side;
  after: Side & {
    /** It will change by itself. */
    open: boolean;
  };
}

/** `failed`: it could not be graded again, or was called off; the old score stays. `new`: there was none before. */
export type Outcome = "open" | "failed" | "new" | "same" | "higher" | "lower";

export function outcomeOf({ before, after }: Compared): Outcome {
  if (after.open) return "open";
  if (after.score === null) return "failed";
  if (before.score === null) return "new";
  if (after.score === before.score) return "same";
  return after.score > before.score ? "higher" : "lower";
}

/** Whether the new result takes the old one's place. */
export function replaces(policy: RerunPolicy, row: Compared): boolean {
  const outcome = outcomeOf(row);
  if (outcome === "open" || outcome === "failed") return false;
  return outcome !== "lower" || policy === "as_computed";
}

/** Names what somebody has seen: another result, on either side of any row, gives another name. */
export function previewOf(rows: readonly Compared[]): string {
  const hash = createHash("sha256");
  for (const { submissionId, before, after } of [...rows].sort((a, b) =>
    a.submissionId < b.submissionId ? -1 : 1,
  )) {
    const side = ({ attemptId, score, max }: Side) => [attemptId, score, max];
    hash.update(`${JSON.stringify([submissionId, side(before), side(after), after.open])}\n`);
  }
  return hash.digest("hex");
}

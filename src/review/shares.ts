// Who grades what: work dealt out equally or by sections, and the part of it that a second person marks too. Pure.
import { createHash } from "node:crypto";

export const shareRules = ["equal", "section"] as const;
export type ShareRule = (typeof shareRules)[number];

export interface Work {
  id: string;
  section: string | null;
  /** Whose names are on it. */
  members: readonly string[];
}
export interface Grader {
  id: string;
  section: string | null;
}

/**
 * Each piece of work's grader, by its id; a piece that nobody of them may grade (their own name is on it) has none.
 * What somebody of them has already stays theirs, so that dealing again after new work came moves nothing. The rest
 * goes, one by one in an order that means nothing, to whoever has least. With `section` first to graders of the
 * work's section; where there are none, to all.
 */
export function dealOut(
  rule: ShareRule,
  work: readonly Work[],
  graders: readonly Grader[],
  kept: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const load = new Map(graders.map(({ id }) => [id, 0]));
  const dealt = new Map<string, string>();
  const give = (id: string, grader: string) => {
    dealt.set(id, grader);
    load.set(grader, load.get(grader)! + 1);
  };
  const open = work.filter((one) => {
    const has = kept.get(one.id);
    const stays = has !== undefined && load.has(has) && !one.members.includes(has);
    if (stays) give(one.id, has);
    return !stays;
  });
  const ableFor = (one: Work) => graders.filter(({ id }) => !one.members.includes(id));
  const nearFor = (one: Work) =>
    rule === "equal" ? [] : ableFor(one).filter(({ section }) => section !== null && section === one.section);
  const order = byHash("share", open);
  // Sections first: what is anybody's levels afterwards.
  const near = order.filter((one) => nearFor(one).length > 0);
  for (const one of [...near, ...order.filter((each) => !near.includes(each))]) {
    const pool = near.includes(one) ? nearFor(one) : ableFor(one);
    const [least] = pool.toSorted((a, b) => load.get(a.id)! - load.get(b.id)!);
    if (least) give(one.id, least.id);
  }
  return dealt;
}

/** The part of the work that is marked twice: the same each time, whoever asks, rounded up to whole pieces. */
export function secondSample<T extends { id: string }>(work: readonly T[], percent: number): T[] {
  return byHash("second", work).slice(0, Math.ceil((work.length * percent) / 100));
}

function byHash<T extends { id: string }>(word: string, work: readonly T[]): T[] {
  const place = (id: string) => createHash("sha256").update(`${word} ${id}`).digest("hex");
  return work
    .map((one) => ({ one, at: place(one.id) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ one }) => one);
}

// What an import will do, entry by entry, before anything is written. Pure.
import type { Words } from "../../storage/errors.ts";
import type { Download, HandedIn, Named } from "./download.ts";
import { type Match, type MatchedBy, matcher, type RosterPerson } from "./match.ts";

export interface Planned {
  origin: string;
  person: RosterPerson;
  /** `choice`: somebody said so. */
  by: MatchedBy | "choice";
  members: RosterPerson[];
  receivedAt: Date;
  /** The download did not say when: the moment that was given for all. */
  assumed: boolean;
  /** From this origin something is here already. */
  known: boolean;
  files: HandedIn["files"];
}
export interface NotTaken {
  origin: string;
  who: string;
  code: keyof typeof reasons;
  why: Words;
  /** Names that nobody on the roster fits, or several: the answer to each is a choice. */
  unmatched: { key: string; who: string }[];
}
export interface Plan {
  take: Planned[];
  not: NotTaken[];
}

export interface PlanParts {
  roster: readonly RosterPerson[];
  /** Whether people may hand in together. */
  groups: boolean;
  /** For submissions whose time the download does not say; null: those are not taken. */
  receivedAt: Date | null;
  /** Origins that are here. */
  known: ReadonlySet<string>;
  /** Who was said to be meant, by an unmatched name's key: an id of the roster. */
  choices?: ReadonlyMap<string, string>;
}

const reasons = {
  nobody: { en: "nobody on the roster fits", zh: "名册中没有相符的人" },
  several: { en: "several people on the roster fit", zh: "名册中有多人相符" },
  unnamed: { en: "the download names nobody", zh: "下载文件没有写明是谁" },
  no_groups: {
    en: "handed in by several people, but the assignment has no groups",
    zh: "由多人提交，但本作业不设小组",
  },
  late_untimed: {
    en: "late, but the download does not say when: give the file that says it",
    zh: "标记为迟交，但下载文件没有写明时间：请提供写有时间的文件",
  },
  untimed: {
    en: "the download does not say when: give the file that says it, or one moment for all of them",
    zh: "下载文件没有写明时间：请提供写有时间的文件，或为它们指定同一时间",
  },
} satisfies Record<string, Words>;

/** Oldest first, so that numbers follow time. */
export function planImport({ handedIn }: Download, parts: PlanParts): Plan {
  const find = matcher(parts.roster);
  const take: Planned[] = [];
  const not: NotTaken[] = [];
  for (const entry of handedIn) {
    const planned = planOne(entry, find, parts);
    if ("why" in planned) not.push(planned);
    else take.push(planned);
  }
  take.sort((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime());
  return { take, not };
}

type Found = Exclude<Match, { none: unknown }> | { person: RosterPerson; by: "choice" };

function planOne(entry: HandedIn, find: ReturnType<typeof matcher>, parts: PlanParts): Planned | NotTaken {
  const { origin, people, at, late, files } = entry;
  const no = (
    code: NotTaken["code"],
    unmatched: NotTaken["unmatched"] = [],
    why = reasons[code],
  ): NotTaken => {
    return { origin, who: people.map(shownName).join(", ") || "—", code, why, unmatched };
  };
  if (people.length === 0) return no("unnamed");
  const found: Found[] = [];
  const unmatched: NotTaken["unmatched"] = [];
  let code: "nobody" | "several" = "nobody";
  for (const [place, who] of people.entries()) {
    const key = keyOf(origin, place);
    const match = find(who);
    const chosen = parts.roster.find(({ personId }) => personId === parts.choices?.get(key));
    if (!("none" in match)) found.push(match);
    else if (chosen) found.push({ person: chosen, by: "choice" });
    else {
      if (unmatched.length === 0) code = match.none;
      unmatched.push({ key, who: shownName(who) });
    }
  }
  const [missing] = unmatched;
  if (missing) {
    const { en, zh } = reasons[code];
    // Of a group, whom it is about.
    const of =
      people.length > 1 ? { en: `${missing.who}: ${en}`, zh: `${missing.who}：${zh}` } : reasons[code];
    return no(code, unmatched, of);
  }
  const [first, ...others] = found;
  if (others.length > 0 && !parts.groups) return no("no_groups");
  if (at === null && late) return no("late_untimed");
  const receivedAt = at ?? parts.receivedAt;
  if (receivedAt === null) return no("untimed");
  return {
    origin,
    person: first!.person,
    by: first!.by,
    members: others.map(({ person }) => person),
    receivedAt,
    assumed: at === null,
    known: parts.known.has(origin),
    files,
  };
}

/** Names a person of a submission, for whoever says who is meant. */
const keyOf = (origin: string, place: number) => `${origin} ${place}`;
export const keysOf = ({ origin, people }: HandedIn): string[] =>
  people.map((_, place) => keyOf(origin, place));

const shownName = ({ name, email, numbers }: Named) => name ?? email ?? numbers[0] ?? "—";

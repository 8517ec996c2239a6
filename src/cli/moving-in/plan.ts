// What an import will do, entry by entry, before anything is written. Pure.
import type { Download, HandedIn, Named } from "./download.ts";
import { type MatchedBy, matcher, type RosterPerson } from "./match.ts";

export interface Planned {
  origin: string;
  person: RosterPerson;
  by: MatchedBy;
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
  why: string;
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
}

const unmatched = {
  nobody: "nobody on the roster fits",
  several: "several people on the roster fit",
};

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

function planOne(entry: HandedIn, find: ReturnType<typeof matcher>, parts: PlanParts): Planned | NotTaken {
  const { origin, people, at, late, files } = entry;
  const who = people.map(shownName).join(", ") || "nobody is named";
  const no = (why: string): NotTaken => ({ origin, who, why });
  if (people.length === 0) return no("the download names nobody");
  const matches = people.map(find);
  for (const [place, match] of matches.entries()) {
    if ("none" in match) return no(`${shownName(people[place]!)}: ${unmatched[match.none]}`);
  }
  const [first, ...others] = matches.filter((match) => "person" in match);
  if (others.length > 0 && !parts.groups)
    return no("handed in by several people, but the assignment has no groups");
  if (at === null && late) return no("late, but the download does not say when: give its times (--people)");
  const receivedAt = at ?? parts.receivedAt;
  if (receivedAt === null)
    return no("the download does not say when: give its times (--people) or --received-at");
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

const shownName = ({ name, email, numbers }: Named) =>
  name ?? email ?? numbers[0] ?? "somebody without a name";

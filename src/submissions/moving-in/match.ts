// Who of the roster somebody is. Pure. What identifies comes before what resembles; nobody is guessed.
import type { Named } from "./download.ts";

export interface RosterPerson {
  personId: string;
  name: string;
  email: string;
  studentNumber: string | null;
}
export type MatchedBy = "email" | "number" | "name";
export type Match = { person: RosterPerson; by: MatchedBy } | { none: "nobody" | "several" };

/** By e-mail, else by student number or sign-in name, else by name; by a name that fits two people, nobody. */
export function matcher(roster: readonly RosterPerson[]): (who: Named) => Match {
  const byEmail = index(roster, ({ email }) => [email.toLowerCase()]);
  const byNumber = index(roster, ({ studentNumber, email }) => [
    ...(studentNumber ? [studentNumber.toLowerCase()] : []),
    email.toLowerCase().split("@")[0]!,
  ]);
  const byName = index(roster, ({ name }) => orders(name));
  return ({ name, email, numbers }) => {
    const ways: [MatchedBy, RosterPerson[]][] = [
      ["email", email === null ? [] : (byEmail.get(email.toLowerCase()) ?? [])],
      ["number", numbers.flatMap((number) => byNumber.get(number.toLowerCase()) ?? [])],
      ["name", name === null ? [] : (byName.get(orders(name)[0] ?? "") ?? [])],
    ];
    for (const [by, people] of ways) {
      const found = [...new Set(people)];
      if (found.length === 1) return { person: found[0]!, by };
      if (found.length > 1) return { none: "several" };
    }
    return { none: "nobody" };
  };
}

function index(roster: readonly RosterPerson[], keys: (person: RosterPerson) => string[]) {
  const found = new Map<string, RosterPerson[]>();
  for (const person of roster) {
    for (const key of new Set(keys(person))) {
      if (key !== "") found.set(key, [...(found.get(key) ?? []), person]);
    }
  }
  return found;
}

/**
 * A name's words as one, from each word on: `Jane Mary Smith` is also `smithjanemary`, as Canvas writes it. Without
 * accents, signs and capitals.
 */
export function orders(name: string): string[] {
  const words = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  return words.map((_, at) => [...words.slice(at), ...words.slice(0, at)].join(""));
}

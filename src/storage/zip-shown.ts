// Names out of a hostile archive, made safe for a sentence, a log line or a terminal.

const LONGEST = 80;

/** Control, format and other invisible characters become `\u{…}`; a long name keeps its start and end. */
export function shown(name: string): string {
  const characters = [...name];
  const short =
    characters.length <= LONGEST
      ? name
      : `${characters.slice(0, LONGEST / 2).join("")}…${characters.slice(-LONGEST / 2).join("")}`;
  return short.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

/** For a name whose encoding is not known yet. */
export function shownBytes(name: Buffer): string {
  return shown(name.subarray(0, 4 * LONGEST).toString("utf8"));
}

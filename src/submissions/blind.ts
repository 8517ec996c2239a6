// Grading without names: what a teaching assistant sees of a submission until the results are out. Whoever leads the
// course sees all; a submission is called by a code that says nothing. Pure.
import { createHash } from "node:crypto";
import type { Assignment } from "../assignments/tables.ts";
import type { Standing } from "../courses/access.ts";

/** Whether somebody of this standing grades it without names now. */
export function isBlind(
  standing: Standing,
  { blind, resultsPublishedAt }: Pick<Assignment, "blind" | "resultsPublishedAt">,
): boolean {
  return blind && standing === "ta" && resultsPublishedAt === null;
}

/** What a submission is called instead of by its people: the same for everybody who grades it. */
export function codeOf(submissionId: string): string {
  return createHash("sha256").update(`code ${submissionId}`).digest("hex").slice(0, 8).toUpperCase();
}

/** An id that is nobody's, in place of a person's: an id can be looked up on a roster. */
export const NOBODY = "00000000-0000-0000-0000-000000000000";

/**
 * A file's path as it is shown: those that the suite asks for, which all have alike, as they are; of any other only
 * its place and its ending, since people put their names into names of files and folders.
 */
export function maskedPath(path: string, position: number, alike: ReadonlySet<string>): string {
  if (alike.has(path)) return path;
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(path)?.[0] ?? "";
  return `file-${position + 1}${ending.toLowerCase()}`;
}

/** What stands in for a name in a text: as long as any other. */
const GAP = "▒▒▒▒";
const SHORTEST_CHARACTERS = { name: 2, token: 4 };

export interface Identity {
  name: string;
  email: string;
  studentNumber: string | null;
}

/**
 * Takes the people of a submission out of a text of theirs: full names in either order, with or without a space,
 * e-mails and what stands before the @, student numbers. A nickname, or half a name, stays: nobody can know it.
 */
export function maskText(text: string, people: readonly Identity[]): string {
  const found = people.flatMap(wordsOf).sort((a, b) => b.length - a.length);
  if (found.length === 0) return text;
  const any = found.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  return text.replace(new RegExp(any, "giu"), GAP);
}

function wordsOf({ name, email, studentNumber }: Identity): string[] {
  const parts = name.trim().split(/\s+/);
  const orders = [parts, parts.toReversed()];
  const names = orders.flatMap((some) => [some.join(" "), some.join(""), some.join("_"), some.join(", ")]);
  const tokens = [email, email.split("@")[0] ?? "", studentNumber ?? ""];
  return [
    ...new Set(names.filter((word) => word.length >= SHORTEST_CHARACTERS.name)),
    ...tokens.filter((word) => word.length >= SHORTEST_CHARACTERS.token),
  ];
}

/** The document information of a PDF that names people or machines (ISO 32000-1, 14.3.3). */
const INFO = /\/(Author|Title|Subject|Keywords|Creator|Producer)(\s*)\(((?:\\.|[^\\()])*)\)/g;
const INFO_HEX = /\/(Author|Title|Subject|Keywords|Creator|Producer)(\s*)<([0-9A-Fa-f\s]*)>/g;
/** The same as XMP (ISO 16684-1), where it is not compressed. */
const XMP = /<x:xmpmeta[\s\S]*?<\/x:xmpmeta>/g;

/**
 * Blanks a PDF's metadata, byte for byte as long as it was, so that every offset in it still holds. What stands in
 * compressed object streams is left: no page of ours shows it.
 */
export function blankPdf(bytes: Buffer): Buffer {
  const spaces = (text: string) => " ".repeat(text.length);
  const blank = bytes
    .toString("latin1")
    .replace(INFO, (_, key, gap, value) => `/${key}${gap}(${spaces(value)})`)
    .replace(
      INFO_HEX,
      (_, key, gap, value) =>
        `/${key}${gap}<${"20".repeat(value.length / 2)}${" ".repeat(value.length % 2)}>`,
    )
    .replace(XMP, spaces);
  return Buffer.from(blank, "latin1");
}

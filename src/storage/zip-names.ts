// From the bytes of a name to a path inside the submission. What cannot be the same path on every system
// (Linux sandbox, a TA's Windows or macOS) is refused.
import { crc32 } from "node:zlib";
import { Refusal, type Words } from "./errors.ts";
import { FLAG, type ZipEntry } from "./zip-directory.ts";
import { shown } from "./zip-shown.ts";

const UNICODE_PATH_EXTRA = 0x7075;
const NAME_LIMIT_BYTES = 255;
const PATH_LIMIT_BYTES = 1024;
const DEPTH_LIMIT = 32;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const gb18030 = new TextDecoder("gb18030", { fatal: true });

/**
 * The names of all entries, in their order. Flagged names and Info-ZIP's Unicode field are UTF-8 by the
 * standard. For the rest the standard says code page 437, but what Windows Explorer writes is the system's
 * code page (GBK in China) and what macOS writes is UTF-8. One tool wrote the archive: its unflagged names
 * are all read as UTF-8 or, if one of them is not, all as GB18030, which contains GBK.
 */
export function readNames(entries: ZipEntry[]): string[] {
  const known = entries.map(standardName);
  const unmarked = entries.filter((_, place) => known[place] === null).map(({ nameBytes }) => nameBytes);
  const decoder = unmarked.every((name) => decoded(utf8, name) !== null) ? utf8 : gb18030;
  return entries.map(
    ({ nameBytes }, place) => known[place] ?? decoded(decoder, nameBytes) ?? codePage437(nameBytes),
  );
}

/** The name where the archive says its encoding, null where it has to be guessed. */
function standardName(entry: ZipEntry): string | null {
  const central = unicodePath(entry.extra, entry.nameBytes);
  const local = unicodePath(entry.localExtra, entry.nameBytes);
  if (central !== null && local !== null && central !== local) {
    throw new Refusal("corrupt", {
      why: { en: `${shown(central)} has two names`, zh: `${shown(central)} 有两个名字` },
    });
  }
  if (central !== null || local !== null) return central ?? local;
  if ((entry.flags & FLAG.utf8) === 0)
    return isAscii(entry.nameBytes) ? entry.nameBytes.toString("latin1") : null;
  const name = decoded(utf8, entry.nameBytes);
  if (name === null) throw badName(entry.nameBytes.toString("latin1"), notUtf8);
  return name;
}

/** Info-ZIP APPNOTE, 0x7075: version 1, CRC-32 of the plain name, the name in UTF-8; stale ones are ignored. */
function unicodePath(extra: Map<number, Buffer>, nameBytes: Buffer): string | null {
  const field = extra.get(UNICODE_PATH_EXTRA);
  if (field === undefined || field.length < 6 || field[0] !== 1) return null;
  if (field.readUInt32LE(1) !== crc32(nameBytes)) return null;
  const name = decoded(utf8, field.subarray(5));
  if (name === null) throw badName(field.subarray(5).toString("latin1"), notUtf8);
  return name;
}

function decoded(decoder: typeof utf8, bytes: Buffer): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

const isAscii = (bytes: Buffer) => bytes.every((byte) => byte < 0x80);

/** The standard's own code page, for the rare name that is neither; ASCII stays, the rest is kept apart. */
function codePage437(bytes: Buffer): string {
  return [...bytes].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : upper437[byte - 0x80])).join("");
}
const upper437 = [
  ..."ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀",
  ..."αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0",
];

/**
 * The path in NFC (macOS writes NFD), without a leading `./` and without the `/` of a folder; empty for the
 * root itself. Anything that could mean another place is `bad_path`, what cannot be shown is `bad_name`.
 */
export function cleanPath(name: string): string {
  checkCharacters(name);
  if (name.includes("\\") || name.startsWith("/") || /^[A-Za-z]:/.test(name)) throw badPath(name);
  const path = name
    .replace(/^(\.\/)+/, "")
    .replace(/\/$/, "")
    .normalize("NFC");
  if (path === "" || path === ".") return "";
  const segments = path.split("/");
  if (segments.some((segment) => segment === "" || segment === "." || segment === "..")) throw badPath(name);
  checkLengths(name, path, segments);
  return path;
}

/** Controls, invisible and direction-changing characters; joiners stay, since emoji and scripts need them. */
function checkCharacters(name: string): void {
  if (name === "") throw badName(name, { en: "is empty", zh: "为空" });
  if (/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\ufffd\ufffe\uffff]|(?![\u200c\u200d])\p{Cf}/u.test(name)) {
    throw badName(name, { en: "holds invisible or control characters", zh: "含有不可见字符或控制字符" });
  }
}

function checkLengths(name: string, path: string, segments: string[]): void {
  const tooLong =
    Buffer.byteLength(path) > PATH_LIMIT_BYTES ||
    segments.length > DEPTH_LIMIT ||
    segments.some((segment) => Buffer.byteLength(segment) > NAME_LIMIT_BYTES);
  if (tooLong) throw badName(name, { en: "is too long or too deep", zh: "过长或层级过深" });
}

/**
 * Two paths that some file system would take for one, a folder's name spelled in two ways, or a file that
 * another entry uses as a folder.
 */
export function checkDuplicates(files: string[], folders: string[]): void {
  const spellings = new Map<string, { path: string; file: boolean }>();
  for (const path of folders) claim(spellings, path, false);
  for (const path of files) claim(spellings, path, true);
}

function claim(spellings: Map<string, { path: string; file: boolean }>, path: string, file: boolean): void {
  const segments = path.split("/");
  for (let depth = 1; depth <= segments.length; depth += 1) {
    const prefix = segments.slice(0, depth).join("/");
    const isFile = file && depth === segments.length;
    const key = folded(prefix);
    const earlier = spellings.get(key);
    if (earlier === undefined) spellings.set(key, { path: prefix, file: isFile });
    else if (earlier.path !== prefix || earlier.file || isFile) {
      throw new Refusal("duplicate_entry", { entry: shown(path), other: shown(earlier.path) });
    }
  }
}

/** Equal for names that differ only in case or in Unicode composition. */
export function folded(path: string): string {
  return path.normalize("NFD").toUpperCase().toLowerCase().normalize("NFC");
}

const notUtf8: Words = { en: "is not valid UTF-8", zh: "不是有效的 UTF-8" };
const badPath = (name: string) => new Refusal("bad_path", { entry: shown(name) });
const badName = (name: string, why: Words) => new Refusal("bad_name", { entry: shown(name), why });

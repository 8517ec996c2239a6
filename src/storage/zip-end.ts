// Where an archive's list of entries is: the end-of-central-directory record, plain or ZIP64
// (PKWARE APPNOTE 6.3.10, 4.3.14 to 4.3.16). Every number that is written twice has to agree.
import { corrupt, Refusal } from "./errors.ts";
import { looksLike } from "./not-a-zip.ts";
import { cutOff, uint64, type ZipBytes } from "./zip-bytes.ts";

export type DirectoryPlace = { entries: number; offset: number; length: number };

const END = { signature: 0x06054b50, length: 22, longestComment: 0xffff };
const LOCATOR = { signature: 0x07064b50, length: 20 };
const END64 = { signature: 0x06064b50, length: 56 };
const LOCAL_SIGNATURE = 0x04034b50;

export function findDirectory(zip: ZipBytes): DirectoryPlace {
  const at = findEnd(zip);
  const end = zip.read(at, END.length);
  const plain = {
    disks: [end.readUInt16LE(4), end.readUInt16LE(6)],
    entriesHere: end.readUInt16LE(8),
    entries: end.readUInt16LE(10),
    length: end.readUInt32LE(12),
    offset: end.readUInt32LE(16),
  };
  const { place, endsAt } = findEnd64(zip, at, plain) ?? { place: plain, endsAt: at };
  if (place.disks.some((disk) => disk !== 0) || place.entriesHere !== place.entries) {
    throw corrupt("it is one part of a split archive", "这是分卷压缩包的一部分");
  }
  if (place.offset + place.length !== endsAt) {
    throw corrupt("its list of files is not where it should be", "文件列表的位置不正确");
  }
  return { entries: place.entries, offset: place.offset, length: place.length };
}

type End = { disks: number[]; entriesHere: number; entries: number; length: number; offset: number };

/** The end record, searched from the back; its comment has to reach exactly to the end of the file. */
function findEnd(zip: ZipBytes): number {
  const tailLength = Math.min(zip.size, END.length + END.longestComment);
  const tail = zip.read(zip.size - tailLength, tailLength);
  const found: number[] = [];
  for (let at = tailLength - END.length; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END.signature) continue;
    if (at + END.length + tail.readUInt16LE(at + 20) === tailLength) found.push(zip.size - tailLength + at);
  }
  const [only, other] = found;
  if (only === undefined) throw noEnd(zip);
  // Two readers could each believe another list of files: no honest tool writes that.
  if (other !== undefined) throw corrupt("it has two ends", "存在两个结尾标记");
  return only;
}

function noEnd(zip: ZipBytes): Refusal {
  const start = zip.read(0, Math.min(zip.size, 512));
  if (start.length >= 4 && start.readUInt32LE(0) === LOCAL_SIGNATURE) return cutOff();
  return new Refusal("not_a_zip", { looks: looksLike(start) });
}

function findEnd64(zip: ZipBytes, endAt: number, plain: End): { place: End; endsAt: number } | null {
  const locatorAt = endAt - LOCATOR.length;
  if (locatorAt < 0) return null;
  const locator = zip.read(locatorAt, LOCATOR.length);
  if (locator.readUInt32LE(0) !== LOCATOR.signature) return null;
  const at = uint64(locator, 8);
  const record = zip.read(at, END64.length);
  const touches = at + 12 + uint64(record, 4) === locatorAt;
  if (record.readUInt32LE(0) !== END64.signature || !touches) {
    throw corrupt("its ZIP64 end is wrong", "ZIP64 结尾记录有误");
  }
  const place = {
    disks: [locator.readUInt32LE(4), record.readUInt32LE(16), record.readUInt32LE(20)],
    entriesHere: uint64(record, 24),
    entries: uint64(record, 32),
    length: uint64(record, 40),
    offset: uint64(record, 48),
  };
  const agrees =
    same16(plain.entriesHere, place.entriesHere) &&
    same16(plain.entries, place.entries) &&
    same32(plain.length, place.length) &&
    same32(plain.offset, place.offset);
  if (!agrees) throw corrupt("its two ends disagree", "两个结尾记录不一致");
  return { place, endsAt: at };
}

/** The short field repeats the long one, or is all ones for "look at the long one". */
const same16 = (short: number, long: number) => short === 0xffff || short === long;
const same32 = (short: number, long: number) => short === 0xffffffff || short === long;

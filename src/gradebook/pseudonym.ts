// Names for those who did not say that theirs may be shown. Pure.
import { createHash } from "node:crypto";
import type { Words } from "../judge/words.ts";

const birds: readonly (readonly [string, string])[] = [
  ["Heron", "苍鹭"],
  ["Wren", "鹪鹩"],
  ["Crane", "仙鹤"],
  ["Swift", "雨燕"],
  ["Magpie", "喜鹊"],
  ["Plover", "鸻"],
  ["Egret", "白鹭"],
  ["Finch", "雀"],
  ["Osprey", "鱼鹰"],
  ["Lark", "云雀"],
  ["Kingfisher", "翠鸟"],
  ["Oriole", "黄鹂"],
  ["Owl", "猫头鹰"],
  ["Pelican", "鹈鹕"],
  ["Robin", "知更鸟"],
  ["Hoopoe", "戴胜"],
];

/** The same for a person in one assignment each time, another in the next: nobody is followed through a course. */
export function pseudonym(assignmentId: string, personId: string): Words {
  const hash = createHash("sha256").update(`${assignmentId} ${personId}`).digest();
  const [en, zh] = birds[hash[0]! % birds.length]!;
  const number = 100 + (hash.readUInt16BE(1) % 900);
  return { en: `${en} ${number}`, zh: `${zh} ${number}` };
}

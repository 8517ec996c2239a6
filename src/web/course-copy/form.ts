// What stands in the form for a copy of a course, and what of it cannot be. Pure.
import { emailAddress } from "../../accounts/people.ts";
import { SHIFT_USUAL_DAYS, shiftDaysOf } from "../../assignments/copy-plan.ts";
import { type Course, slug as slugShape } from "../../courses/tables.ts";
import type { Words } from "../../judge/words.ts";

export const fieldNames = ["slug", "titleEn", "titleZh", "shift", "instructor"] as const;
export type FieldName = (typeof fieldNames)[number];
/** As it was typed. */
export type Typed = Record<FieldName, string>;

const TITLE_LIMIT_CHARACTERS = 300;

export function typedIn(given: Record<string, unknown>, { title }: Pick<Course, "title">): Typed {
  const of = (name: FieldName, otherwise: string) => {
    const text = given[name];
    return typeof text === "string" ? text.trim() : otherwise;
  };
  return {
    slug: of("slug", ""),
    titleEn: of("titleEn", title.en),
    titleZh: of("titleZh", title.zh),
    shift: of("shift", String(SHIFT_USUAL_DAYS)),
    instructor: of("instructor", ""),
  };
}

export interface CopyWish {
  slug: string;
  title: Words;
  /** Null: what was typed is no number of days. */
  shiftDays: number | null;
  /** Empty: nobody yet. */
  instructor: string;
  wrong: FieldName[];
}

export function readCopy(typed: Typed): CopyWish {
  const { slug, titleEn, titleZh, instructor } = typed;
  const shiftDays = shiftDaysOf(typed.shift);
  const titled = (title: string) => title !== "" && title.length <= TITLE_LIMIT_CHARACTERS;
  const fits: Record<FieldName, boolean> = {
    slug: slugShape.safeParse(slug).success,
    titleEn: titled(titleEn),
    titleZh: titled(titleZh),
    shift: shiftDays !== null,
    instructor: instructor === "" || emailAddress.safeParse(instructor).success,
  };
  const wrong = fieldNames.filter((name) => !fits[name]);
  return { slug, title: { en: titleEn, zh: titleZh }, shiftDays, instructor, wrong };
}

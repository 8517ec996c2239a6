import { failWith } from "../platform/errors.ts";

export const courseErrors = {
  not_found: {
    status: 404,
    en: "There is nothing here, or it is not yours to see.",
    zh: "此处没有内容，或您无权查看。",
  },
  not_allowed: {
    status: 403,
    en: "Your role in this course ({role}) does not allow this.",
    zh: "您在本课程中的角色（{role}）不能执行此操作。",
  },
  course_exists: {
    status: 409,
    en: "A course with the short name {slug} exists already. Choose another.",
    zh: "短名称为 {slug} 的课程已存在，请换一个。",
  },
  bad_roster: {
    status: 422,
    en: "The roster was not imported. {problems}",
    zh: "名册未导入。{problems}",
  },
  roster_too_large: {
    status: 413,
    en: "The roster is larger than {limit}. Split it and import the parts.",
    zh: "名册超过 {limit}，请拆分后分别导入。",
  },
  last_instructor: {
    status: 409,
    en: "A course keeps at least one instructor. Make someone else instructor first.",
    zh: "课程至少需要一名教师。请先指定另一名教师。",
  },
  number_taken: {
    status: 409,
    en: "This student number belongs to someone else on the roster. Check it.",
    zh: "该学号已属于名册中的其他人，请核对。",
  },
} as const;

export const fail = failWith(courseErrors);

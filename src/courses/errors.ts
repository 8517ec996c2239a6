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
  group_set_exists: {
    status: 409,
    en: "The course has a set of groups {slug} already. Choose another short name.",
    zh: "本课程已有名为 {slug} 的分组，请换一个短名称。",
  },
  group_by_staff: {
    status: 403,
    en: "The course's staff make these groups. Write to them if yours should change.",
    zh: "该分组由教师或助教安排，如需调整请联系他们。",
  },
  group_taken: {
    status: 409,
    en: "You are in a group already. Leave it first.",
    zh: "您已加入一个小组，请先退出。",
  },
  group_name_taken: {
    status: 409,
    en: "Another group has this name. Choose another.",
    zh: "该组名已被使用，请换一个。",
  },
  group_no_code: {
    status: 422,
    en: "No group has this code. Ask a member of the group for it and type it again.",
    zh: "没有使用该邀请码的小组，请向组员确认后重新输入。",
  },
  group_full: {
    status: 409,
    en: "This group has its {limit} members already.",
    zh: "该小组已满 {limit} 人。",
  },
  group_nobody: {
    status: 422,
    en: "{email} is not on the roster of this course. Import the roster first.",
    zh: "{email} 不在本课程名册中，请先导入名册。",
  },
  group_lines: {
    status: 422,
    en: "Line {line} is not “e-mail,group”.",
    zh: "第 {line} 行不是“邮箱,组名”的形式。",
  },
} as const;

export const fail = failWith(courseErrors);

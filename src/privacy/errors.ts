import { failWith } from "../platform/errors.ts";

/** Between setting a date and what it removes: staff see the preview meanwhile. */
export const RETENTION_NOTICE_DAYS = 7;
export const REASON_LIMIT_CHARACTERS = 500;

export const privacyErrors = {
  person_removed: {
    status: 409,
    en: "This person's data was deleted already.",
    zh: "该用户的数据已被删除。",
  },
  last_admin: {
    status: 409,
    en: "This is the last administrator who can sign in. Make somebody else one first.",
    zh: "这是最后一位可登录的管理员，请先指定其他管理员。",
  },
  last_instructor_of: {
    status: 409,
    en: "This is the only instructor of a course. Give it another one first.",
    zh: "该用户是某门课程的唯一教师，请先为课程指定其他教师。",
  },
  work_unfinished: {
    status: 409,
    en: "{unfinished} gradings of theirs wait or run. Wait for them, or cancel them.",
    zh: "该用户还有 {unfinished} 次评测在等待或运行，请等待完成或将其取消。",
  },
  appeal_open: {
    status: 409,
    en: "Regrade requests of theirs without an answer: {open}. Answer them first.",
    zh: "该用户还有 {open} 条复核申请未答复，请先答复。",
  },
  removal_unconfirmed: {
    status: 422,
    en: "Type the person's e-mail exactly as it is shown, so that nobody else is deleted.",
    zh: "请原样输入该用户的邮箱，以免误删他人数据。",
  },
  removal_reason_needed: {
    status: 422,
    en: "Say why, in at most {limit} characters: it is kept in the audit log.",
    zh: "请说明理由（最多 {limit} 个字符），理由会记入操作记录。",
  },
  retention_too_soon: {
    status: 422,
    en: "Give a date at least {days} days from now, so that staff can see what will be removed.",
    zh: "日期须至少在 {days} 天之后，以便教师先查看将移除的内容。",
  },
} as const;

export const fail = failWith(privacyErrors);

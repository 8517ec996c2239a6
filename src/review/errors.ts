import { failWith } from "../platform/errors.ts";

export const COMMENT_LIMIT_CHARACTERS = 5000;
export const ADJUSTMENT_LIMIT_HUNDREDTHS = 100_000;
export const COMMENTS_LIMIT = 500;

export const reviewErrors = {
  not_found: {
    status: 404,
    en: "There is nothing here, or it is not yours to see.",
    zh: "此处没有内容，或您无权查看。",
  },
  own_work: {
    status: 403,
    en: "This submission has your own name on it. Ask somebody else of the course's staff to review it.",
    zh: "这份提交署有您本人的姓名，请由课程的其他教师或助教评阅。",
  },
  no_such_item: {
    status: 422,
    en: "The rubric of this submission has no item {item}. Load the page again.",
    zh: "这份提交的评分细则中没有 {item} 一项，请重新载入页面。",
  },
  bad_points: {
    status: 422,
    en: "Give between {least} and {most} points, with at most two decimals.",
    zh: "分数须在 {least} 到 {most} 之间，最多两位小数。",
  },
  reason_needed: {
    status: 422,
    en: "An adjustment needs a reason, and points other than 0.",
    zh: "调整分数须写明理由，且分数不能为 0。",
  },
  bad_comment: {
    status: 422,
    en: "Write between 1 and {limit} characters, on a line that the file has.",
    zh: "请填写 1 到 {limit} 个字符，行号须为文件中存在的行。",
  },
  too_many_comments: {
    status: 409,
    en: "This submission has {limit} comments already. Delete one first.",
    zh: "这份提交已有 {limit} 条批注，请先删除一条。",
  },
} as const;

export const fail = failWith(reviewErrors);

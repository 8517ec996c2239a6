import { failWith } from "../platform/errors.ts";

export const COMMENT_LIMIT_CHARACTERS = 5000;
export const ADJUSTMENT_LIMIT_HUNDREDTHS = 100_000;
export const COMMENTS_LIMIT = 500;
export const SAVED_COMMENTS_LIMIT = 200;
export const REGRADE_REASON_LIMIT_CHARACTERS = 4000;

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
  grade_conflict: {
    status: 409,
    en: "{by} gave {points} points meanwhile. Look at it and save again; nothing of yours or theirs is lost until then.",
    zh: "{by} 刚刚给出了 {points} 分。请查看后再次保存；在此之前双方的内容都不会丢失。",
  },
  no_graders: {
    status: 422,
    en: "Choose at least one person of the course's staff.",
    zh: "请至少选择一位课程教师或助教。",
  },
  second_is_first: {
    status: 403,
    en: "You graded this submission yourself. The second mark is somebody else's.",
    zh: "这份提交由您评阅，第二评阅须由他人进行。",
  },
  bad_percent: {
    status: 422,
    en: "Give a whole number of percent between 0 and 100.",
    zh: "请填写 0 到 100 之间的整数百分比。",
  },
  record_not_yet: {
    status: 409,
    en: "There is a record once this is graded and its results are published.",
    zh: "评分完成并发布成绩后才有成绩记录。",
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
  group_empty: {
    status: 409,
    en: "Nothing would change for anybody of this group. Look at the preview for the reasons.",
    zh: "该组中没有任何人会有变化，原因见预览。",
  },
  group_stale: {
    status: 409,
    en: "The group or its grades have changed since you looked. Look at the preview again.",
    zh: "预览之后该组或其评分已有变化，请重新预览。",
  },
  group_undone: {
    status: 409,
    en: "This was taken back already, or only its author and who leads the course may take it back.",
    zh: "该操作已被撤销，或只有其作者与课程负责人才能撤销。",
  },
  bank_full: {
    status: 409,
    en: "The comment bank holds {limit} comments already. Delete one first.",
    zh: "评语库已有 {limit} 条评语，请先删除一条。",
  },
  note_needed: {
    status: 422,
    en: "Say in a few words what you found, for whoever looks next.",
    zh: "请简单写明查看结果，供后来的人参考。",
  },
  no_regrades: {
    status: 409,
    en: "This assignment takes no regrade requests. Write to your teaching assistant instead.",
    zh: "此作业不受理复核申请，请直接联系助教。",
  },
  regrade_not_yet: {
    status: 409,
    en: "Regrade requests open when the results are published.",
    zh: "成绩发布后方可申请复核。",
  },
  regrade_over: {
    status: 409,
    en: "The time for regrade requests ended {end}. Write to your teaching assistant instead.",
    zh: "复核申请已于 {end} 截止，请直接联系助教。",
  },
  regrade_no_target: {
    status: 422,
    en: "Choose one test or rubric item that you can see in the report.",
    zh: "请选择报告中可见的一项测试或评分项。",
  },
  regrade_reason: {
    status: 422,
    en: "Say in 10 to {limit} characters what should be looked at again, and why.",
    zh: "请用 10 到 {limit} 个字符说明需要复核什么，以及理由。",
  },
  regrade_twice: {
    status: 409,
    en: "You have asked about this, and nobody has answered yet. The request stands below the report.",
    zh: "这一项已申请复核，尚未答复，申请见报告下方。",
  },
  regrade_final: {
    status: 409,
    en: "This was asked and appealed, and two people have answered. Write to your instructor if something is still wrong.",
    zh: "这一项已申请复核并再次申请，两位教师或助教均已答复。如仍有问题，请联系课程教师。",
  },
  regrade_closed: {
    status: 409,
    en: "This request is {state} already. Load the page again.",
    zh: "该申请的状态已是 {state}，请重新载入页面。",
  },
  regrade_other_person: {
    status: 403,
    en: "You graded this submission or have answered about this before: another of the staff answers the request.",
    zh: "这份提交由您评阅，或您已答复过这一项，请由其他教师或助教答复该申请。",
  },
  regrade_answer: {
    status: 422,
    en: "An answer needs words. Accepted gives points, refused gives none.",
    zh: "答复须写明理由；接受时须给分，拒绝时不给分。",
  },
} as const;

export const fail = failWith(reviewErrors);

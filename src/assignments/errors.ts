import { failWith } from "../platform/errors.ts";

export const HOLD_REASON_LIMIT_CHARACTERS = 1000;

export const assignmentErrors = {
  not_found: {
    status: 404,
    en: "There is nothing here, or it is not yours to see.",
    zh: "此处没有内容，或您无权查看。",
  },
  assignment_exists: {
    status: 409,
    en: "This course has an assignment with the short name {slug} already. Choose another.",
    zh: "本课程已有短名称为 {slug} 的作业，请换一个。",
  },
  suite_not_published: {
    status: 409,
    en: "Only a published suite version grades students. Publish it first.",
    zh: "只有已发布的测试套件版本才能用于评分。请先发布。",
  },
  suite_needed: {
    status: 409,
    en: "An assignment opens with a published suite version. Choose one first.",
    zh: "作业开放前必须选定已发布的测试套件版本。",
  },
  dates_crossed: {
    status: 422,
    en: "The due date is before the opening. Change one of them.",
    zh: "截止时间早于开放时间，请修改。",
  },
  early_after_due: {
    status: 422,
    en: "The early date is after the due date. Change one of them.",
    zh: "提前提交日期晚于截止时间，请修改。",
  },
  would_shorten: {
    status: 422,
    en: "An extension never shortens: {name} has until {due} already.",
    zh: "延期不能缩短期限：{name} 的截止时间已是 {due}。",
  },
  no_due_date: {
    status: 409,
    en: "This assignment has no due date, so there is nothing to extend.",
    zh: "本作业没有截止时间，无需延期。",
  },
  bad_date: {
    status: 422,
    en: "Write a date and a time, such as 2026-11-25 23:59.",
    zh: "请填写日期和时间，如 2026-11-25 23:59。",
  },
  reason_needed: {
    status: 422,
    en: "Say why.",
    zh: "请说明理由。",
  },
  already_asked: {
    status: 409,
    en: "You have asked already and have no answer yet. Withdraw that request first.",
    zh: "您已提出申请且尚未答复，请先撤回。",
  },
  already_answered: {
    status: 409,
    en: "This request was answered or withdrawn meanwhile. Load the page again.",
    zh: "该申请已被答复或撤回，请重新载入页面。",
  },
  bad_extensions: {
    status: 422,
    en: "No extension was granted. {problems}",
    zh: "未授予任何延期。{problems}",
  },
  not_on_roster: {
    status: 422,
    en: "This person is not on the course's roster.",
    zh: "该用户不在本课程名册中。",
  },
  hold_reason_needed: {
    status: 422,
    en: "Holding results back needs a reason of at most {limit} characters. Only staff see it.",
    zh: "暂不发布须写明理由，最多 {limit} 个字符。仅教师与助教可见。",
  },
} as const;

export const fail = failWith(assignmentErrors);

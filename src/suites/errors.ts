import { failWith } from "../platform/errors.ts";

export const suiteErrors = {
  not_found: {
    status: 404,
    en: "There is nothing here, or it is not yours to see.",
    zh: "此处没有内容，或您无权查看。",
  },
  autograders_not_allowed: {
    status: 403,
    en: "This course may not use Gradescope autograders yet: their scripts run as root. An administrator allows it with “assay admin allow-autograders {course}”.",
    zh: "本课程尚不能使用 Gradescope 自动评分程序（其脚本以 root 身份运行）。管理员可用 “assay admin allow-autograders {course}” 允许。",
  },
  not_proved: {
    status: 409,
    en: "This version is {state}, not proved. Have it proved, or publish it with a reason why it may go unproved.",
    zh: "该版本的状态为 {state}，尚未通过验证。请先验证，或说明免验证发布的理由。",
  },
  no_proof_running: {
    status: 409,
    en: "No proof of this version is under way. It may have ended just now: look at its page.",
    zh: "该版本目前没有正在进行的验证，可能刚刚结束，请查看其页面。",
  },
} as const;

export const fail = failWith(suiteErrors);

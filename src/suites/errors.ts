import { failWith } from "../platform/errors.ts";

export const suiteErrors = {
  not_found: {
    status: 404,
    en: "There is nothing here, or it is not yours to see.",
    zh: "此处没有内容，或您无权查看。",
  },
  version_published: {
    status: 409,
    en: "This version is published already; what graded someone does not change. Register a new version.",
    zh: "该版本已发布，用于评分的内容不能更改。请注册新版本。",
  },
  proof_of_another: {
    status: 422,
    en: "The proof was made of another version ({proved}). Prove the one that is registered: {hash}.",
    zh: "该验证对应的是另一个版本（{proved}）。请验证已注册的版本：{hash}。",
  },
  not_proved: {
    status: 409,
    en: "This version is {state}, not proved. Run “assay suite validate”, or publish it with a reason why it may go unproved.",
    zh: "该版本的状态为 {state}，尚未通过验证。请运行 “assay suite validate”，或说明免验证发布的理由。",
  },
} as const;

export const fail = failWith(suiteErrors);

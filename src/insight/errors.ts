import { failWith } from "../platform/errors.ts";

export const insightErrors = {
  not_found: {
    status: 404,
    en: "There is nothing here, or it is not yours to see.",
    zh: "此处没有内容，或您无权查看。",
  },
  mutant_words: {
    status: 422,
    en: "Give the mistake a short name of small letters, digits and hyphens that the suite does not have yet, and a title and a hint in both languages.",
    zh: "请给该错误取一个套件中尚未使用的短名（小写字母、数字、连字符），并填写两种语言的标题与提示。",
  },
  mutant_unread: {
    status: 422,
    en: "Say that you have read the code: as a known mistake it runs beside the hidden tests.",
    zh: "请确认您已阅读代码：作为已知错误，它将与隐藏测试一同运行。",
  },
  mutant_files: {
    status: 422,
    en: "This submission has no Python file that can be taken over: none, too many, too large, or with errors of syntax.",
    zh: "这份提交没有可以收录的 Python 文件：没有文件、过多、过大，或有语法错误。",
  },
} as const;

export const fail = failWith(insightErrors);

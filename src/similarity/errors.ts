import { failWith } from "../platform/errors.ts";

export const FILE_LIMIT_BYTES = 300_000;
export const LINE_LIMIT_CHARACTERS = 5000;
export const FILES_PER_SUBMISSION = 50;
export const FILES_LIMIT = 5000;
export const SKIPPED_LIMIT = 500;

export const similarityErrors = {
  not_found: {
    status: 404,
    en: "There is nothing here, or it is not yours to see.",
    zh: "此处没有内容，或您无权查看。",
  },
  already_running: {
    status: 409,
    en: "A comparison of this assignment is running already. Wait for it.",
    zh: "该作业的相似度比较正在进行，请稍候。",
  },
} as const;

export const fail = failWith(similarityErrors);

import { failWith } from "../platform/errors.ts";

export const WEIGHT_LIMIT = 1000;

export const gradebookErrors = {
  not_found: {
    status: 404,
    en: "There is nothing here, or it is not yours to see.",
    zh: "此处没有内容，或您无权查看。",
  },
  bad_weight: {
    status: 422,
    en: "A weight is a whole number from 0 to {limit}, or empty. “{given}” is not.",
    zh: "权重须为 0 到 {limit} 的整数，或留空。“{given}”不是。",
  },
} as const;

export const fail = failWith(gradebookErrors);

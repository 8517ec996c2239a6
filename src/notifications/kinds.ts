// What people are told of, in the page and by mail. A sentence names the assignment and never a result: what is
// hidden from somebody stands behind the link, under their own permission.
import type { Lang } from "../accounts/tables.ts";

export const notificationKinds = ["results_published", "regrade_asked", "regrade_answered"] as const;
export type NotificationKind = (typeof notificationKinds)[number];

/** Words of the subject, in both languages. */
export interface About {
  en: string;
  zh: string;
}

const sentences: Record<NotificationKind, About> = {
  results_published: { en: "Results of {about} are out.", zh: "{about} 的成绩已发布。" },
  regrade_asked: {
    en: "A regrade request for {about} waits for an answer.",
    zh: "{about} 有一条复核申请等待答复。",
  },
  regrade_answered: {
    en: "Your regrade request for {about} was answered.",
    zh: "您对 {about} 的复核申请已有答复。",
  },
};

export function sentenceOf(kind: NotificationKind, about: About, lang: Lang): string {
  // A function, since a title may hold `$&`.
  return sentences[kind][lang].replace("{about}", () => about[lang]);
}

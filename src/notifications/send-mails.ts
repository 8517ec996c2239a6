// Mails of notifications that wait, sent by the server. A row is taken under a lock that other servers skip, so that
// nobody gets a mail twice from two of them; a crash between sending and writing it down can repeat one.
import { and, asc, eq, sql } from "drizzle-orm";
import { people } from "../accounts/tables.ts";
import { type Db, transaction } from "../platform/database.ts";
import type { Logger } from "../platform/log.ts";
import type { Mailer } from "../platform/mail.ts";
import { sentenceOf } from "./kinds.ts";
import { notifications } from "./tables.ts";

const MAILS_AT_ONCE = 20;
const TRIES = 5;
const POLL_MS = 5_000;
/** Where mail was not set up for long, nobody gets a flood of what is over. */
const FRESH = sql`${notifications.createdAt} > now() - interval '1 day'`;

/** Sends what waits; how many were sent. */
export function sendWaitingMails(db: Db, mailer: Mailer, publicUrl: string, log: Logger): Promise<number> {
  return transaction(db, async (tx) => {
    const waiting = await tx
      .select({ notification: notifications, email: people.email, language: people.language })
      .from(notifications)
      .innerJoin(people, eq(people.id, notifications.personId))
      .where(and(eq(notifications.mail, "waiting"), FRESH, sql`${people.disabledAt} is null`))
      .orderBy(asc(notifications.id))
      .limit(MAILS_AT_ONCE)
      .for("update", { of: notifications, skipLocked: true });
    let sent = 0;
    for (const { notification, email, language } of waiting) {
      const { id, kind, about, path, mailTries } = notification;
      const lang = language ?? "zh";
      const subject = sentenceOf(kind, about, lang);
      const end =
        lang === "zh"
          ? "可在通知页面关闭此类邮件："
          : "Such mails can be switched off on the page of notifications:";
      const text = `${subject}\n\n${publicUrl}${path}\n\n${end} ${publicUrl}/notifications\n`;
      const done = await mailer.send({ to: email, subject, text }).then(
        () => true,
        (error) => {
          log.warn({ err: error, notification: id }, "a mail could not be sent");
          return false;
        },
      );
      if (done) sent += 1;
      const mail = done ? "sent" : mailTries + 1 >= TRIES ? "failed" : "waiting";
      await tx
        .update(notifications)
        .set({ mail, mailTries: mailTries + 1 })
        .where(eq(notifications.id, id));
    }
    return sent;
  });
}

/** Until the returned function is called, which waits for the round under way. */
export function startMails(db: Db, mailer: Mailer, publicUrl: string, log: Logger): () => Promise<void> {
  let stopped = false;
  let round: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    round = round.then(() =>
      stopped
        ? 0
        : sendWaitingMails(db, mailer, publicUrl, log).catch((error) =>
            log.error({ err: error }, "mails failed"),
          ),
    );
  }, POLL_MS);
  return async () => {
    stopped = true;
    clearInterval(timer);
    await round;
    mailer.close();
  };
}

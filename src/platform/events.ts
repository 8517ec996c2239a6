// News between processes: PostgreSQL's NOTIFY, carrying an id and nothing else. Whoever hears of it reads the
// row with their own permission. A notification can be lost (a connection drops), so every listener also has a
// slow poll of its own; `onReady` tells it when to look because something may have been missed.
import { sql } from "drizzle-orm";
import type { Database, Executor } from "./database.ts";

/** What there is to hear. The payload is always one id. */
export type Channel =
  /** A job of a lane (the payload) can be taken. */
  | "attempt_waiting"
  /** A state or results of an attempt changed. */
  | "attempt_changed"
  /** An attempt came to its end; rows to announce wait in the outbox. */
  | "attempt_finished"
  /** Anything else that a page shows live: `room:id`. */
  | "row_changed";

export type News = [Channel, id: string];

const ID_LENGTH = 128;

/** Sends when the transaction commits, never if it is rolled back. */
export const notify = (executor: Executor, channel: Channel, id: string): Promise<void> =>
  notifyAll(executor, [[channel, id]]);

/** The same for several, in one statement. */
export async function notifyAll(executor: Executor, news: News[]): Promise<void> {
  const sent = news.map(([channel, id]) => {
    if (id.length > ID_LENGTH) throw new Error(`an event carries an id, not ${id.length} characters`);
    return sql`pg_notify(${channel}, ${id})`;
  });
  await executor.execute(sql`select ${sql.join(sent, sql`, `)}`);
}

/**
 * Hears a channel until the returned function is called. The connection is a session of its own (it cannot go
 * through a transaction pooler) and is opened again when it is lost.
 * @param onReady called each time that listening begins, after a lost connection too: look for missed news.
 */
export async function listen(
  database: Database,
  channel: Channel,
  handler: (id: string) => void,
  onReady: () => void = () => {},
): Promise<() => Promise<void>> {
  const { unlisten } = await database.sql.listen(channel, handler, onReady);
  return unlisten;
}

// One LISTEN for the whole server, passed on to every open stream. A notification carries an id; who hears it
// reads the rows by their own right.
import type { Database } from "../platform/database.ts";
import { listen } from "../platform/events.ts";

export interface News {
  /** @param onChange hears an attempt's id, or null when something may have been missed. Returns how to stop. */
  subscribe(onChange: (attemptId: string | null) => void): () => void;
  close(): Promise<void>;
}

export async function openNews(database: Database): Promise<News> {
  const subscribers = new Set<(attemptId: string | null) => void>();
  const tell = (id: string | null) => {
    for (const subscriber of subscribers) subscriber(id);
  };
  const stop = await listen(
    database,
    "attempt_changed",
    (id) => tell(id),
    () => tell(null),
  );
  return {
    subscribe(onChange) {
      subscribers.add(onChange);
      return () => subscribers.delete(onChange);
    },
    close: stop,
  };
}

// Tests of a later stage are opened by the server, at each student's own deadline: a worker may not read the secret that
// seeds a grading (platform/grants.ts).
import type { Db } from "../platform/database.ts";
import type { Logger } from "../platform/log.ts";
import type { Queue } from "../platform/queue.ts";
import { openAfterDue } from "../submissions/stage-runs.ts";

const EVERY_MS = 20_000;

/** Looks now and every 20 s; several servers share it without asking each other. Returns how to end it. */
export function openStagesNow(db: Db, queue: Queue, log: Logger): () => void {
  let busy = false;
  const look = async () => {
    if (busy) return;
    busy = true;
    try {
      const opened = await openAfterDue(db, queue);
      if (opened > 0) log.info({ opened }, "tests of after the deadline are due");
    } catch (error) {
      log.warn({ err: error }, "tests of after the deadline could not be opened");
    } finally {
      busy = false;
    }
  };
  void look();
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

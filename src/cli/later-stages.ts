// Tests of a later stage are opened by the server, at each student's own deadline: a worker may not read the secret that
// seeds a grading (platform/grants.ts).
import type { Db } from "../platform/database.ts";
import type { Logger } from "../platform/log.ts";
import type { Queue } from "../platform/queue.ts";
import { openAfterDue } from "../submissions/stage-runs.ts";
import { lookEvery } from "./look-every.ts";

const EVERY_MS = 20_000;

/** Several servers share it without asking each other. Returns how to end it. */
export function openStagesNow(db: Db, queue: Queue, log: Logger): () => void {
  return lookEvery(EVERY_MS, "tests of after the deadline are due", log, () => openAfterDue(db, queue));
}

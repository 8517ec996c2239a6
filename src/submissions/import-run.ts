// Carries out imports that somebody said yes to: one submission after the other, so that their numbers follow their
// times. Whatever ends a server in the middle, another look goes on: what is here is found by its origin.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { and, eq, sql } from "drizzle-orm";
import { personById } from "../accounts/people.ts";
import { sessionViewer, type Viewer } from "../accounts/viewer.ts";
import { findAssignment } from "../assignments/assignments.ts";
import { storable } from "../grading/storable.ts";
import type { Db } from "../platform/database.ts";
import { UserError } from "../platform/errors.ts";
import type { Logger } from "../platform/log.ts";
import { type ImportAccess, type ImportParts, lookAtImport, withBlob, withZip } from "./imports.ts";
import { moveIn } from "./move-in.ts";
import type { Planned } from "./moving-in/plan.ts";
import type { Source } from "./moving-in/source.ts";
import { asUserError } from "./refusal.ts";
import { type ImportOutcome, type SubmissionImport, submissionImports } from "./tables.ts";
import type { SubmitParts, Upload } from "./take-in.ts";

/** Whoever works on one says so this often; after so long of silence somebody else may. */
const TOUCH_MS = 5_000;
const LEFT_AFTER_SECONDS = 30;

export type ImportRunParts = ImportParts & SubmitParts & { log: Logger };

/** Works off what waits. @returns how many imports have ended */
export async function workOffImports(parts: ImportRunParts): Promise<number> {
  let ended = 0;
  for (let row = await claim(parts.db); row; row = await claim(parts.db)) {
    await carryOut(parts, row);
    ended++;
  }
  return ended;
}

async function claim(db: Db): Promise<SubmissionImport | null> {
  const { id, state, touchedAt } = submissionImports;
  const [row] = await db
    .update(submissionImports)
    .set({ touchedAt: sql`now()` })
    .where(
      sql`${id} = (select ${id} from ${submissionImports} where ${state} = 'applying'
        and (${touchedAt} is null or ${touchedAt} < now() - make_interval(secs => ${LEFT_AFTER_SECONDS}::int))
        order by ${id} limit 1 for update skip locked)`,
    )
    .returning();
  return row ?? null;
}

async function carryOut(parts: ImportRunParts, row: SubmissionImport): Promise<void> {
  const { db } = parts;
  const mine = and(eq(submissionImports.id, row.id), eq(submissionImports.state, "applying"));
  const touch = () => db.update(submissionImports).set({ touchedAt: sql`now()` }).where(mine);
  const timer = setInterval(() => void touch().catch(() => {}), TOUCH_MS);
  try {
    const viewer = await appliedBy(db, row);
    const access = { ...(await findAssignment(db, viewer, row.assignmentId)), row };
    const { plan } = await lookAtImport(db, access);
    const told = new Set(row.outcomes.map(({ origin }) => origin));
    const open = plan.take.filter(({ origin }) => !told.has(origin));
    await withBlob(parts, row.blob, (path) =>
      withZip(parts.uploads, path, async (source) => {
        for (const planned of open)
          await note(db, row.id, await takeIn(parts, viewer, access, source, planned));
      }),
    );
  } catch (error) {
    // Where the database is gone this fails, too, and a later look goes on.
    parts.log.error({ err: error, import: row.id }, "an import broke off");
    await note(db, row.id, { origin: "", who: row.name, outcome: "failed" });
  } finally {
    clearInterval(timer);
  }
  await db.update(submissionImports).set({ state: "ended" }).where(mine);
}

async function appliedBy(db: Db, { appliedBy }: SubmissionImport): Promise<Viewer> {
  const person = appliedBy === null ? null : await personById(db, appliedBy);
  if (!person) throw new Error("an import that is carried out has nobody who said so");
  return sessionViewer(person);
}

/** What is wrong with one stops nobody else's; our own fault is said as one, and pressing again tries again. */
async function takeIn(
  parts: ImportRunParts,
  viewer: Viewer,
  access: ImportAccess,
  source: Source,
  planned: Planned,
): Promise<ImportOutcome> {
  const one = { origin: planned.origin, who: planned.person.name };
  try {
    const zip = await source.zipOf(planned.files);
    const wish = {
      personId: planned.person.personId,
      memberIds: planned.members.map(({ personId }) => personId),
      receivedAt: planned.receivedAt,
      origin: planned.origin,
    };
    const { repeated } = await moveIn(parts, viewer, access, await uploadOf(zip), wish);
    return { ...one, outcome: repeated ? "repeated" : "added" };
  } catch (thrown) {
    const error = asUserError(thrown);
    if (error instanceof UserError)
      return { ...one, outcome: "refused", why: { en: error.sentence("en"), zh: error.sentence("zh") } };
    parts.log.error(
      { err: error, import: access.row.id, origin: planned.origin },
      "a submission was not moved",
    );
    return { ...one, outcome: "failed" };
  }
}

async function uploadOf({ path, name }: { path: string; name: string }): Promise<Upload> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return { path, name, hash: hash.digest("hex"), bytes: (await stat(path)).size };
}

async function note(db: Db, id: string, outcome: ImportOutcome): Promise<void> {
  await db
    .update(submissionImports)
    .set({
      outcomes: sql`${submissionImports.outcomes} || ${JSON.stringify([storable(outcome)])}::jsonb`,
      touchedAt: sql`now()`,
    })
    .where(eq(submissionImports.id, id));
}

// Everything that the page of an assignment's extensions shows, read through the viewer's eyes.
import type { Viewer } from "../../accounts/viewer.ts";
import { type AssignmentAccess, dueDates, findAssignment } from "../../assignments/assignments.ts";
import {
  type ExtensionHolder,
  listExtensions,
  listRequests,
  type RequestLine,
} from "../../assignments/extensions.ts";
import { allows } from "../../courses/access.ts";
import type { Services } from "../../http/services.ts";
import { databaseNow } from "../../platform/time.ts";
import { type KeptWaiting, keptWaiting, type WouldWait, wouldWait } from "../../submissions/waiting.ts";

export interface ExtensionsView {
  access: AssignmentAccess;
  viewerId: string;
  staff: boolean;
  /** To many at once. */
  mayGrant: boolean;
  now: Date;
  /** The viewer's own. */
  due: Date | null;
  requests: RequestLine[];
  holders: ExtensionHolder[];
  waiting: KeptWaiting | null;
  /** What granting a request would do, by its id: until the date that is asked for, or that was just tried. */
  would: Map<string, WouldWait>;
  tried: Tried | null;
}

/** A date that somebody wants to see the effect of, before they grant it. */
export interface Tried {
  request: string;
  until: Date;
  answer: string;
}

/** @throws not_found */
export async function loadExtensions(
  { db }: Pick<Services, "db">,
  viewer: Viewer,
  ref: string,
  tried: Tried | null,
): Promise<ExtensionsView> {
  const access = await findAssignment(db, viewer, ref);
  const staff = allows(access.standing, "extension.answer");
  const now = await databaseNow(db);
  const holders = staff ? await listExtensions(db, viewer, access) : [];
  const requests = await listRequests(db, viewer, access);
  const would = new Map<string, WouldWait>();
  for (const { id, personId, state, wantedAt } of staff ? requests : []) {
    if (state !== "asked") continue;
    const until = tried?.request === id ? tried.until : wantedAt;
    const waiting = await wouldWait(db, access, { personId, until }, now);
    if (waiting) would.set(id, waiting);
  }
  return {
    access,
    viewerId: viewer.id,
    staff,
    mayGrant: allows(access.standing, "extension.grant"),
    now,
    due: (await dueDates(db, access.assignment, viewer.id)).own,
    ...{ requests, would, tried },
    holders,
    waiting: staff ? await keptWaiting(db, access, holders, now) : null,
  };
}

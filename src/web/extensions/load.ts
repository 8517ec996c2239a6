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
import { type KeptWaiting, keptWaiting } from "../../submissions/waiting.ts";

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
}

/** @throws not_found */
export async function loadExtensions(
  { db }: Pick<Services, "db">,
  viewer: Viewer,
  ref: string,
): Promise<ExtensionsView> {
  const access = await findAssignment(db, viewer, ref);
  const staff = allows(access.standing, "extension.answer");
  const now = await databaseNow(db);
  const holders = staff ? await listExtensions(db, viewer, access) : [];
  return {
    access,
    viewerId: viewer.id,
    staff,
    mayGrant: allows(access.standing, "extension.grant"),
    now,
    due: (await dueDates(db, access.assignment, viewer.id)).own,
    requests: await listRequests(db, viewer, access),
    holders,
    waiting: staff ? await keptWaiting(db, access, holders, now) : null,
  };
}

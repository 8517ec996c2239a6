// A submission's regrade requests, for the report's page.
import type { Viewer } from "../../accounts/viewer.ts";
import type { SuiteConfig } from "../../judge/suite.ts";
import type { Executor } from "../../platform/database.ts";
import { listRegrades, type NamedRequest, type RegradeOffer, regradeOffer } from "../../review/regrades.ts";
import { rubricOf } from "../../review/review.ts";
import type { SubmissionAccess } from "../../submissions/submissions.ts";

export interface RegradeView {
  requests: NamedRequest[];
  /** What may be asked now; null where nothing may. */
  offer: RegradeOffer | null;
  rubric: SuiteConfig["rubric"];
}

export async function loadRegrades(
  db: Executor,
  viewer: Viewer,
  access: SubmissionAccess,
): Promise<RegradeView> {
  return {
    requests: await listRegrades(db, access),
    offer: await regradeOffer(db, viewer, access),
    rubric: await rubricOf(db, access),
  };
}

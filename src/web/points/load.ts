// Everything that the page of an assignment's points shows, read through the viewer's eyes.
import { eq } from "drizzle-orm";
import type { Viewer } from "../../accounts/viewer.ts";
import { type AssignmentAccess, findAssignment } from "../../assignments/assignments.ts";
import { allows, permitSight } from "../../courses/access.ts";
import type { Services } from "../../http/services.ts";
import { NO_RULES, type ScoreRules } from "../../scoring/rules.ts";
import { listRuleSets, previewRules, type RescorePreview } from "../../submissions/rescore.ts";
import type { ScoreRuleSet } from "../../submissions/tables.ts";
import { suiteVersions } from "../../suites/tables.ts";
import type { Lang } from "../messages/translate.ts";
import type { PointsRow } from "./form.ts";

export interface PointsView {
  access: AssignmentAccess;
  mayChange: boolean;
  rows: PointsRow[];
  /** As the form shows them: in force, or those that were just sent. */
  rules: ScoreRules;
  reason: string;
  sets: (ScoreRuleSet & { by: string })[];
  preview: RescorePreview | null;
}

/** @param wanted rules whose preview is asked for. @throws not_found, not_allowed */
export async function loadPoints(
  { db }: Pick<Services, "db">,
  viewer: Viewer,
  ref: string,
  lang: Lang,
  wanted: { rules: ScoreRules; reason: string } | null,
): Promise<PointsView> {
  const access = await findAssignment(db, viewer, ref);
  permitSight(viewer, access, "submission.view_any");
  const sets = await listRuleSets(db, viewer, access);
  const inForce = sets.find(({ undoneAt }) => undoneAt === null);
  return {
    access,
    mayChange: allows(access.standing, "score.change"),
    rows: await rowsOf(db, access, lang),
    rules: wanted?.rules ?? inForce?.rules ?? NO_RULES,
    reason: wanted?.reason ?? "",
    sets,
    preview: wanted && (await previewRules(db, viewer, access, wanted.rules)),
  };
}

async function rowsOf(
  db: Services["db"],
  { assignment }: AssignmentAccess,
  lang: Lang,
): Promise<PointsRow[]> {
  if (!assignment.suiteVersionId) return [];
  const [version] = await db
    .select({ tests: suiteVersions.tests })
    .from(suiteVersions)
    .where(eq(suiteVersions.id, assignment.suiteVersionId));
  return (version?.tests ?? []).map(({ name, title, max }) => ({ name, title: title[lang], max }));
}

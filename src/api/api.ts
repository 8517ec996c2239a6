// Everything under /api/v1, its document, and the two questions of whoever watches the server.
import { OpenAPIHono } from "@hono/zod-openapi";
import { refuseInvalid } from "../http/app.ts";
import type { AppEnv } from "../http/services.ts";
import { addAdmin } from "./admin.ts";
import { addAssignments } from "./assignments.ts";
import { addAttempts } from "./attempts.ts";
import { addCommentBank } from "./comment-bank.ts";
import { addContributions } from "./contributions.ts";
import { addCourses } from "./courses.ts";
import { addDocs } from "./docs.ts";
import { addExtensions } from "./extensions.ts";
import { addFiles } from "./files.ts";
import { addGradebook } from "./gradebook.ts";
import { addGroups } from "./groups.ts";
import { addHealth } from "./health.ts";
import { addInsight } from "./insight.ts";
import { addLateDays } from "./late-days.ts";
import { addMarking } from "./marking.ts";
import { addMe } from "./me.ts";
import { addMetrics } from "./metrics.ts";
import { addMistakes } from "./mistakes.ts";
import { addMovingIn } from "./moving-in.ts";
import { addNotifications } from "./notifications.ts";
import { addPeople } from "./people.ts";
import { addPrivacy } from "./privacy.ts";
import { addQueue } from "./queue.ts";
import { addReceipts } from "./receipts.ts";
import { addRegrades } from "./regrades.ts";
import { addReruns } from "./reruns.ts";
import { addReview } from "./review.ts";
import { addRota } from "./rota.ts";
import { addScoreRules } from "./score-rules.ts";
import { addSignIn } from "./sign-in.ts";
import { addSubmissions } from "./submissions.ts";
import { addSuites } from "./suites.ts";
import { addUploads } from "./uploads.ts";

const resources = [
  addSignIn,
  addMe,
  addPeople,
  addPrivacy,
  addCourses,
  addSuites,
  addAssignments,
  addSubmissions,
  addFiles,
  addReceipts,
  addUploads,
  addGradebook,
  addExtensions,
  addScoreRules,
  addLateDays,
  addAttempts,
  addRegrades,
  addQueue,
  addRota,
  addReruns,
  addAdmin,
  addCommentBank,
  addGroups,
  addContributions,
  addReview,
  addMarking,
  addMistakes,
  addInsight,
  addMovingIn,
  addNotifications,
];

export function mountApi(app: OpenAPIHono<AppEnv>): void {
  const api = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  for (const add of resources) add(api);
  app.route("/api/v1", api);
  addDocs(app);
  addHealth(app);
  addMetrics(app);
}

// Pages: what a browser sees. Mounted after the API, over the same services and functions.
import { Hono } from "hono";
import { errorResponse, fail } from "../http/errors.ts";
import type { AppEnv } from "../http/services.ts";
import { setViewer } from "../http/viewer.ts";
import { addAccount } from "./account/routes.tsx";
import { addAdmin } from "./admin/routes.tsx";
import { addAssets } from "./assets.ts";
import { addAssignment } from "./assignment/routes.tsx";
import { addCourse } from "./course/routes.tsx";
import { errorPage } from "./errors/page.tsx";
import { addExtensions } from "./extensions/routes.tsx";
import { addGradebook } from "./gradebook/routes.tsx";
import { addHome } from "./home/routes.tsx";
import { addLateDays } from "./late-days/routes.tsx";
import { addLeaderboard } from "./leaderboard/routes.tsx";
import { addPoints } from "./points/routes.tsx";
import { addPreferences } from "./preferences.ts";
import { addQueue } from "./queue/routes.tsx";
import { addRegrade } from "./regrade/routes.tsx";
import { addRelease } from "./release/routes.tsx";
import { addRerun } from "./rerun/routes.tsx";
import { addReview } from "./review/routes.tsx";
import { addRoster } from "./roster/routes.tsx";
import { addSettings } from "./settings/routes.tsx";
import { addSignIn } from "./sign-in/routes.tsx";
import { addSimilarity } from "./similarity/routes.tsx";
import { addSource } from "./source/routes.tsx";
import { addStatistics } from "./statistics/routes.tsx";
import { addSubmission } from "./submission/routes.tsx";
import { addSuites } from "./suites/routes.tsx";
import { addTable } from "./table/routes.tsx";

const screens = [
  addPreferences,
  addSignIn,
  addHome,
  addAccount,
  addCourse,
  addLateDays,
  addExtensions,
  addPoints,
  addTable,
  addGradebook,
  addAssignment,
  addSubmission,
  addSource,
  addReview,
  addRelease,
  addLeaderboard,
  addSimilarity,
  addStatistics,
  addSuites,
  addSettings,
  addRegrade,
  addQueue,
  addRerun,
  addRoster,
  addAdmin,
];

/** Mounts every page on the application of http/app.ts; errors outside of /api become pages too. */
export function mountWeb(app: Hono<AppEnv>): void {
  addAssets(app);
  const web = new Hono<AppEnv>();
  web.use(setViewer);
  for (const add of screens) add(web);
  app.route("/", web);
  const isApi = (path: string) => /^\/(api|healthz|readyz|metrics)(\/|$)/.test(path);
  app.onError((error, c) => (isApi(c.req.path) ? errorResponse(error, c) : errorPage(error, c)));
  app.notFound((c) =>
    isApi(c.req.path) ? errorResponse(fail("not_found"), c) : errorPage(fail("not_found"), c),
  );
}

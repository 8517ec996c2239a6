// Pages: what a browser sees. Mounted after the API, over the same services and functions.
import { Hono, type MiddlewareHandler } from "hono";
import { errorResponse, fail } from "../http/errors.ts";
import type { AppEnv } from "../http/services.ts";
import { setViewer } from "../http/viewer.ts";
import { unreadCount } from "../notifications/notifications.ts";
import { addAccount } from "./account/routes.tsx";
import { addAdmin } from "./admin/routes.tsx";
import { addAssets } from "./assets.ts";
import { addAssignment } from "./assignment/routes.tsx";
import { addCompare } from "./compare/routes.tsx";
import { addCourse } from "./course/routes.tsx";
import { addCourseCopy } from "./course-copy/routes.tsx";
import { errorPage } from "./errors/page.tsx";
import { addExtensions } from "./extensions/routes.tsx";
import { addGradebook } from "./gradebook/routes.tsx";
import { addGroups } from "./groups/routes.tsx";
import { addHome } from "./home/routes.tsx";
import { addInsight } from "./insight/routes.tsx";
import { addLateDays } from "./late-days/routes.tsx";
import { addLeaderboard } from "./leaderboard/routes.tsx";
import { addLms } from "./lms/routes.tsx";
import { addMarking } from "./marking/routes.tsx";
import { addMistakes } from "./mistakes/routes.tsx";
import { addMovingIn } from "./moving-in/routes.tsx";
import { addNotifications } from "./notifications/routes.tsx";
import { addPdf } from "./pdf/routes.tsx";
import { addPlan } from "./plan/routes.tsx";
import { addPoints } from "./points/routes.tsx";
import { addPreferences } from "./preferences.ts";
import { addPrivacy } from "./privacy/routes.tsx";
import { addQueue } from "./queue/routes.tsx";
import { addRecord } from "./record/routes.tsx";
import { addRegrade } from "./regrade/routes.tsx";
import { addRelease } from "./release/routes.tsx";
import { addRerun } from "./rerun/routes.tsx";
import { addReview } from "./review/routes.tsx";
import { addRoster } from "./roster/routes.tsx";
import { addRota } from "./rota/routes.tsx";
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
  addCourseCopy,
  addLateDays,
  addExtensions,
  addPoints,
  addTable,
  addGradebook,
  addAssignment,
  addSubmission,
  addCompare,
  addSource,
  addReview,
  addMarking,
  addRelease,
  addLeaderboard,
  addSimilarity,
  addStatistics,
  addMistakes,
  addInsight,
  addPlan,
  addSuites,
  addSettings,
  addRegrade,
  addRecord,
  addQueue,
  addRota,
  addRerun,
  addRoster,
  addPrivacy,
  addMovingIn,
  addAdmin,
  addGroups,
  addNotifications,
  addPdf,
  addLms,
];

/** For the header: a page says how much its reader has not read. Fragments and forms do not need it. */
const countUnread: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { viewer, services } = c.var;
  if (viewer && c.req.method === "GET" && !c.req.header("hx-request")) {
    c.set("unread", await unreadCount(services.db, viewer.id));
  }
  await next();
};

/** Mounts every page on the application of http/app.ts; errors outside of /api become pages too. */
export function mountWeb(app: Hono<AppEnv>): void {
  addAssets(app);
  const web = new Hono<AppEnv>();
  web.use(setViewer);
  web.use(countUnread);
  for (const add of screens) add(web);
  app.route("/", web);
  const isApi = (path: string) => /^\/(api|healthz|readyz|metrics)(\/|$)/.test(path);
  app.onError((error, c) => (isApi(c.req.path) ? errorResponse(error, c) : errorPage(error, c)));
  app.notFound((c) =>
    isApi(c.req.path) ? errorResponse(fail("not_found"), c) : errorPage(fail("not_found"), c),
  );
}

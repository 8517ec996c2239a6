// Where a learning platform sends its people: the three steps of a launch, then the pages on which somebody says who
// they are and an instructor says which course and assignment it is.
import type { Context, Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { fail as refuse } from "../../accounts/errors.ts";
import { beginSessionFor } from "../../accounts/ways.ts";
import { findAssignment, listAssignments } from "../../assignments/assignments.ts";
import { allows } from "../../courses/access.ts";
import { findCourse, listCourses } from "../../courses/courses.ts";
import { addressOf } from "../../http/address.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import {
  connectAssignment,
  connectCourse,
  connectLaunch,
  courseOf,
  linkOf,
  personOfLaunch,
} from "../../lms/arrive.ts";
import { fail } from "../../lms/errors.ts";
import { publicKeys } from "../../lms/keys.ts";
import { beginLogin, closeLaunch, findLaunch, type Launch, takeLaunch } from "../../lms/launch.ts";
import { columnFor, retryScores } from "../../lms/scores.ts";
import { pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { ChooseAssignmentPage, ChooseCoursePage, ConnectPage } from "./pages.tsx";

const COOKIE = "assay_lti";
const LAUNCH_SECONDS = 10 * 60;

export function addLms(web: Hono<AppEnv>): void {
  web.get("/lti/keys", async (c) => {
    c.header("Cache-Control", "public, max-age=300");
    return c.json(await publicKeys(c.var.services.db));
  });
  // The platform's choice: some send a form, some a link.
  web.get("/lti/login", (c) => login(c, c.req.query()));
  web.post("/lti/login", async (c) => login(c, await c.req.parseBody()));
  web.post("/lti/launch", async (c) => {
    const key = await takeLaunch(c.var.services.db, await settingsOf(c), await c.req.parseBody());
    return c.redirect(`/lti/arrive?launch=${key}`, 303);
  });
  web.get("/lti/arrive", async (c) => arrive(c, c.req.query("launch") ?? ""));
  web.post("/lti/connect", async (c) => {
    const { key, launch } = await underWay(c);
    await connectLaunch(c.var.services.db, sessionOf(c), launch);
    return c.redirect(`/lti/arrive?launch=${key}`, 303);
  });
  web.post("/lti/course", async (c) => {
    const { key, launch, form } = await underWay(c);
    const { db } = c.var.services;
    const viewer = sessionOf(c);
    await connectCourse(db, viewer, await findCourse(db, viewer, String(form.course ?? "")), launch);
    return c.redirect(`/lti/arrive?launch=${key}`, 303);
  });
  web.post("/lti/assignment", async (c) => {
    const { key, launch, form } = await underWay(c);
    const { db } = c.var.services;
    const viewer = sessionOf(c);
    const access = await findAssignment(db, viewer, String(form.assignment ?? ""));
    if (access.course.id !== (await courseOf(db, launch))) throw refuse("not_found");
    await connectAssignment(db, viewer, access, launch, await columnFor(db, access.assignment, launch));
    return c.redirect(`/lti/arrive?launch=${key}`, 303);
  });
  web.post("/assignments/:assignment/release/lms", async (c) => {
    const { db } = c.var.services;
    await retryScores(db, viewerOf(c), await findAssignment(db, viewerOf(c), c.req.param("assignment")));
    setFlash(c, "lms.retried");
    return c.redirect(`/assignments/${c.req.param("assignment")}/release`, 303);
  });
}

async function login(c: Context<AppEnv>, asked: unknown) {
  const { url, browser } = await beginLogin(c.var.services.db, await settingsOf(c), asked);
  setCookie(c, COOKIE, browser, {
    ...{ httpOnly: true, sameSite: "Lax", path: "/lti", maxAge: LAUNCH_SECONDS },
    secure: c.var.services.publicUrl.startsWith("https:"),
  });
  return c.redirect(url, 303);
}

/** Who they are, in which course, at which assignment: the first that is not known is asked. */
async function arrive(c: Context<AppEnv>, key: string) {
  const { db, auth } = c.var.services;
  const launch = await findLaunch(db, key, getCookie(c, COOKIE));
  const person = await personOfLaunch(db, launch);
  if (!person) {
    if (c.var.viewer?.via !== "session")
      return c.redirect(`/sign-in?next=${encodeURIComponent(`/lti/arrive?launch=${key}`)}`, 303);
    return c.html(<ConnectPage at={pageContext(c)} launch={launch} launchKey={key} viewer={c.var.viewer} />);
  }
  if (c.var.viewer?.id !== person.id) {
    const origin = { address: addressOf(c), userAgent: c.req.header("user-agent") ?? "" };
    for (const one of await beginSessionFor(auth, person.id, origin))
      c.header("Set-Cookie", one, { append: true });
    // Once more, as that person.
    return c.redirect(`/lti/arrive?launch=${key}`, 303);
  }
  return (await askedOfInstructor(c, launch, key)) ?? (await leadOn(c, launch, key));
}

/** The page on which an instructor says where it belongs; null where nothing is left to say, or not to them. */
async function askedOfInstructor(c: Context<AppEnv>, launch: Launch, key: string) {
  const { db } = c.var.services;
  const viewer = viewerOf(c);
  const courseId = await courseOf(db, launch);
  if (courseId === null) {
    if (launch.facts.role !== "instructor") throw fail("lms_not_connected");
    const courses = (await listCourses(db, viewer)).filter(({ standing }) => allows(standing, "roster.edit"));
    return c.html(<ChooseCoursePage at={pageContext(c)} launch={launch} launchKey={key} courses={courses} />);
  }
  const access = await findCourse(db, viewer, courseId);
  if ((await linkOf(db, launch)) || !allows(access.standing, "assignment.edit")) return null;
  const assignments = await listAssignments(db, viewer, access);
  return c.html(
    <ChooseAssignmentPage
      at={pageContext(c)}
      launch={launch}
      launchKey={key}
      course={access.course}
      assignments={assignments}
    />,
  );
}

async function leadOn(c: Context<AppEnv>, launch: Launch, key: string) {
  const { db } = c.var.services;
  const { course } = await findCourse(db, viewerOf(c), (await courseOf(db, launch))!);
  const link = await linkOf(db, launch);
  await closeLaunch(db, key);
  deleteCookie(c, COOKIE, { path: "/lti" });
  if (!link) return c.redirect(`/courses/${course.slug}`, 303);
  return c.redirect(`/assignments/${link.assignmentId}`, 303);
}

async function underWay(c: Context<AppEnv>) {
  const form = await c.req.parseBody();
  const key = String(form.launch ?? "");
  return { key, form, launch: await findLaunch(c.var.services.db, key, getCookie(c, COOKIE)) };
}

function sessionOf(c: Context<AppEnv>) {
  const viewer = viewerOf(c);
  if (viewer.via !== "session") throw refuse("session_needed");
  return viewer;
}

async function settingsOf(c: Context<AppEnv>) {
  const { auth, publicUrl } = c.var.services;
  const { secret } = await auth.$context;
  return { secret, launchUrl: `${publicUrl}/lti/launch` };
}

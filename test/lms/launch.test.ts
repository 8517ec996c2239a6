// LTI 1.3 launches from a platform on this machine: who gets in, as whom, and what is refused.
import { and, eq } from "drizzle-orm";
import { type CryptoKey, generateKeyPair } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { accounts, people } from "../../src/accounts/tables.ts";
import { roster } from "../../src/courses/tables.ts";
import { lmsContexts, lmsLinks } from "../../src/lms/tables.ts";
import { TestBrowser } from "../sign-in/browser.ts";
import { claim, MEMBER, NO_COLUMN } from "./platform.ts";
import { learner, lmsWorld, teacher } from "./world.ts";

const world = await lmsWorld();
const { server, course, platform, url, launch, registered } = world;
const { db } = server.services;

const keyOf = (at: string) => new URL(at).searchParams.get("launch") ?? "";
async function signedIn(who: { email: string; password: string }) {
  const browser = new TestBrowser();
  await browser.send(`${url}/sign-in`, { email: who.email, password: who.password });
  return browser;
}
const rowOf = (personId: string, courseId: string) =>
  db
    .select()
    .from(roster)
    .where(and(eq(roster.personId, personId), eq(roster.courseId, courseId)));

test("before anybody has said which course it is, nobody gets in", async () => {
  const stranger = await launch(new TestBrowser(), learner("early", "early@campus.example"));
  expect([stranger.url.startsWith(`${url}/sign-in`), stranger.status]).toEqual([true, 200]);
  expect(await db.$count(people, eq(people.email, "early@campus.example"))).toBe(0);
});

describe("an instructor opens the link once", () => {
  test("signed in here, they say that both are them, which course and which assignment", async () => {
    const browser = await signedIn(course.instructor);
    const asked = await launch(browser, teacher("t1", course.instructor.email));
    expect(asked.text).toContain("/lti/connect");
    const key = keyOf(asked.url);
    const courses = await browser.send(`${url}/lti/connect`, { launch: key });
    expect(courses.text).toContain(course.slug);
    const assignments = await browser.send(`${url}/lti/course`, { launch: key, course: course.slug });
    expect(assignments.text).toContain(course.assignmentId);
    const there = await browser.send(`${url}/lti/assignment`, {
      launch: key,
      assignment: course.assignmentId,
    });
    expect([there.url, there.status]).toEqual([`${url}/assignments/${course.assignmentId}`, 200]);
    expect(await db.select().from(lmsLinks)).toMatchObject([
      { assignmentId: course.assignmentId, lineItem: `${platform.url}/lineitems/1?type_id=3` },
    ]);
  });

  test("the next time they are led on at once, without a password", async () => {
    const there = await launch(new TestBrowser(), teacher("t1"));
    expect([there.url, there.status]).toEqual([`${url}/assignments/${course.assignmentId}`, 200]);
  });

  test("a student of the same platform cannot say it, nor an instructor of another course here", async () => {
    const claims = { [claim("context")]: { id: "another course" } };
    const student = await launch(new TestBrowser(), teacher("t1"), {
      claims: { ...claims, [claim("roles")]: [`${MEMBER}#Learner`] },
    });
    expect(student.status).toBe(409);
    const browser = new TestBrowser();
    const asked = await launch(browser, teacher("t1"), { claims });
    const refused = await browser.send(`${url}/lti/course`, { launch: keyOf(asked.url), course: "nobodys" });
    expect(refused.status).toBe(404);
    expect(await db.$count(lmsContexts)).toBe(1);
  });

  test("where the platform has no column of points for the link, one is made", async () => {
    const claims = { [claim("resource_link")]: { id: "link-2" }, ...NO_COLUMN(platform.url) };
    const browser = new TestBrowser();
    const asked = await launch(browser, teacher("t1"), { claims });
    await browser.send(`${url}/lti/assignment`, {
      launch: keyOf(asked.url),
      assignment: course.assignmentId,
    });
    expect(platform.columns).toEqual([
      { label: "Homework", scoreMaximum: 45, resourceLinkId: "link-2", tag: course.assignmentId },
    ]);
    const [link] = await db.select().from(lmsLinks).where(eq(lmsLinks.resourceId, "link-2"));
    expect(link?.lineItem).toBe(`${platform.url}/lineitems/made`);
  });
});

describe("people of a course that is connected", () => {
  let courseId = "";
  beforeAll(async () => {
    const [bound] = await db.select().from(lmsContexts);
    courseId = bound!.courseId;
  });

  test.each([
    ["a learner", [`${MEMBER}#Learner`], "student"],
    ["a teaching assistant", [`${MEMBER}#Instructor`, `${MEMBER}/Instructor#TeachingAssistant`], "ta"],
    ["an instructor", [`${MEMBER}#Instructor`], "instructor"],
    [
      "an administrator of the whole platform",
      ["http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"],
      "student",
    ],
    [
      "an instructor of the institution, not of this course",
      ["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"],
      "student",
    ],
  ])("%s comes on the roster", async (name, roles, role) => {
    const sub = `new ${name}`;
    const email = `${name.replaceAll(/\W/g, "")}@campus.example`;
    const there = await launch(new TestBrowser(), { ...learner(sub, email.toUpperCase()), roles });
    expect(there.status).toBe(200);
    const [person] = await db.select().from(people).where(eq(people.email, email.toLowerCase()));
    expect(person).toMatchObject({ name: `Learner ${sub}`, admin: false });
    expect(await rowOf(person!.id, courseId)).toMatchObject([{ role }]);
  });

  test("who has an account here is not made again, and nobody becomes them by an e-mail", async () => {
    const there = await launch(new TestBrowser(), learner("impostor", course.ta.email));
    expect(there.url.startsWith(`${url}/sign-in`)).toBe(true);
    expect(await db.$count(accounts, eq(accounts.accountId, "impostor"))).toBe(0);
    const student = await signedIn(course.student);
    const asked = await launch(student, learner("s1", course.student.email));
    const arrived = await student.send(`${url}/lti/connect`, { launch: keyOf(asked.url) });
    expect([arrived.url, arrived.status]).toEqual([`${url}/assignments/${course.assignmentId}`, 200]);
    expect(await db.select().from(accounts).where(eq(accounts.accountId, "s1"))).toMatchObject([
      { personId: course.student.id, providerId: `lti:${registered.id}` },
    ]);
  });

  test("a role that our roster has is not changed by the platform", async () => {
    await launch(new TestBrowser(), { ...learner("s1"), roles: [`${MEMBER}#Instructor`] });
    expect(await rowOf(course.student.id, courseId)).toMatchObject([{ role: "student" }]);
  });

  test("a subject that is somebody's cannot become another's", async () => {
    const other = await signedIn(course.other);
    const asked = await launch(other, learner("s1"));
    // The platform says who it is: the browser is that person from here on.
    expect(asked.text).toContain(`Account: ${course.student.name}`);
    expect(asked.text).not.toContain(course.other.name);
  });
});

describe("what is refused", async () => {
  const stranger = await generateKeyPair("RS256");
  const now = Math.floor(Date.now() / 1000);
  test.each([
    [
      "another key's signature",
      { by: { key: stranger.privateKey as CryptoKey, kid: "platform-1", alg: "RS256" } },
    ],
    [
      "a key that the platform does not publish",
      { by: { key: stranger.privateKey as CryptoKey, kid: "x", alg: "RS256" } },
    ],
    ["another nonce", { claims: { nonce: "x" } }],
    ["no nonce", { claims: { nonce: null } }],
    ["another audience", { claims: { aud: "somebody" } }],
    ["two audiences, made for the other", { claims: { aud: ["tool-of-ours", "other"], azp: "other" } }],
    ["another issuer", { claims: { iss: "https://evil.example" } }],
    ["a token that is over", { claims: { iat: now - 900, exp: now - 600 } }],
    ["a token of long ago that is not over", { claims: { iat: now - 9000 } }],
    ["a deployment that is not registered", { claims: { [claim("deployment_id")]: "2" } }],
    ["no deployment", { claims: { [claim("deployment_id")]: null } }],
    ["another kind of message", { claims: { [claim("message_type")]: "LtiDeepLinkingRequest" } }],
    ["another version", { claims: { [claim("version")]: "1.1" } }],
    ["no subject", { claims: { sub: null } }],
    ["no course", { claims: { [claim("context")]: null } }],
    ["no roles", { claims: { [claim("roles")]: null } }],
    ["a state that we did not sign", { post: { state: "eyJhbGciOiJub25lIn0.e30." } }],
    ["an error of the platform", { post: { error: "login_required" } }],
  ])("%s", async (_, options) => {
    const refused = await launch(new TestBrowser(), learner("s1"), options);
    expect([refused.url, refused.status]).toEqual([`${url}/lti/launch`, 422]);
  });

  test("a launch twice", async () => {
    const browser = new TestBrowser();
    let form: Record<string, string> = {};
    const asked = new URLSearchParams({ iss: platform.url, login_hint: "s1" });
    const away = await browser.go(`${url}/lti/login?${asked}`, {}, (at) => at.startsWith(platform.url));
    const there = new URL(away.url);
    form = { id_token: await platform.token(there, learner("s1")), state: there.searchParams.get("state")! };
    const post = () => browser.go(`${url}/lti/launch`, { method: "POST", body: new URLSearchParams(form) });
    expect((await post()).status).toBe(200);
    expect((await post()).status).toBe(422);
  });

  test("a launch that another browser began, also by its key", async () => {
    const mine = new TestBrowser();
    const asked = await launch(mine, teacher("t1"), { claims: { [claim("context")]: { id: "open" } } });
    expect(asked.url).toContain("/lti/arrive?launch=");
    const victim = new TestBrowser();
    expect((await victim.go(asked.url)).status).toBe(422);
    await launch(victim, learner("s1"));
    expect((await victim.go(asked.url)).status).toBe(422);
    expect((await mine.go(asked.url)).status).toBe(200);
  });

  test("a platform that is not registered, and one that does not say who it is", async () => {
    const ask = (query: string) => new TestBrowser().go(`${url}/lti/login?${query}`);
    expect((await ask("iss=https%3A%2F%2Fevil.example&login_hint=x")).status).toBe(404);
    expect((await ask("login_hint=x")).status).toBe(422);
  });

  test("a form of another site anywhere else, as before", async () => {
    const headers = { origin: platform.url, "sec-fetch-site": "cross-site" };
    for (const path of ["/lti/connect", "/lti/course", "/lti/assignment", "/account/ways"])
      expect([path, (await fetch(url + path, { method: "POST", headers })).status]).toEqual([path, 403]);
  });
});

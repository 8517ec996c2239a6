// Who may be whom: passwords, sessions, tokens, links, and pages of other sites.
import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { invite } from "../accounts/people.ts";
import { apiTokens, people, signInLimits } from "../accounts/tables.ts";
import { testCourse } from "./testing/course.ts";
import { as, ORIGIN, somebody, testServer } from "./testing/server.ts";

const server = await testServer();
const course = await testCourse(server);
const fromHere = { origin: ORIGIN };

async function session(who: { email: string; password: string }): Promise<string> {
  const { status, headers } = await as(server, null, "/sign-in", {
    json: { email: who.email, password: who.password },
    headers: fromHere,
  });
  expect(status).toBe(200);
  const cookie = headers.getSetCookie().find((line) => line.startsWith("assay.session_token="));
  expect(cookie).toMatch(/HttpOnly/i);
  expect(cookie).toMatch(/SameSite=Lax/i);
  return cookie!.split(";")[0]!;
}

test("a session begins with the password and ends with sign-out", async () => {
  const who = await somebody(server);
  const cookie = await session({ email: who.email.toUpperCase(), password: who.password });
  expect((await as(server, null, "/me", { headers: { cookie } })).body).toMatchObject({
    id: who.id,
    via: "session",
  });
  const out = await as(server, null, "/sign-out", { method: "POST", headers: { cookie, ...fromHere } });
  expect(out.status).toBe(204);
  expect((await as(server, null, "/me", { headers: { cookie } })).status).toBe(401);
});

test("an unknown person and a wrong password get the same answer", async () => {
  const who = await somebody(server);
  const nobody = await somebody(server);
  await server.services.db.delete(apiTokens).where(eq(apiTokens.personId, nobody.id));
  await server.services.db.update(people).set({ disabledAt: sql`now()` }).where(eq(people.id, nobody.id));
  const answers = [];
  for (const [email, password] of [
    [who.email, "wrong password"],
    ["unknown@example.edu", "wrong password"],
    [nobody.email, nobody.password],
  ]) {
    for (const path of ["/sign-in", "/token"]) {
      const { status, body } = await as(server, null, path, { json: { email, password, name: "x" } });
      answers.push(JSON.stringify([status, body]));
    }
  }
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toContain("401");
});

test("guessing is stopped, for the right password too, and for people that do not exist", async () => {
  const who = await somebody(server);
  for (const email of [who.email, "guessed@example.edu"]) {
    const statuses = [];
    for (let n = 0; n < 12; n++) {
      statuses.push(
        (await as(server, null, "/token", { json: { email, password: `guess ${n}`, name: "x" } })).status,
      );
    }
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
  }
  const right = await as(server, null, "/token", {
    json: { email: who.email, password: who.password, name: "x" },
  });
  expect([right.status, right.body.error.code]).toEqual([429, "too_many_sign_ins"]);
  expect(Number(right.headers.get("retry-after"))).toBeGreaterThan(0);
  // When the time is over, the right password opens again.
  await server.services.db.update(signInLimits).set({ windowStartedAt: sql`now() - interval '16 minutes'` });
  expect(
    (await as(server, null, "/token", { json: { email: who.email, password: who.password, name: "x" } }))
      .status,
  ).toBe(201);
});

test("parallel guesses are counted as well", async () => {
  const who = await somebody(server);
  await server.services.db.delete(signInLimits);
  const guess = (n: number) =>
    as(server, null, "/token", { json: { email: who.email, password: `no ${n}`, name: "x" } });
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => guess(n)));
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
});

test("Better Auth's own ways in are closed", async () => {
  const who = await somebody(server);
  for (const path of ["sign-in/email", "sign-up/email", "update-user", "change-email"]) {
    const response = await server.app.request(`/api/auth/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...fromHere },
      body: JSON.stringify({
        email: who.email,
        password: who.password,
        name: "x",
        newEmail: "y@example.edu",
      }),
    });
    expect([path, response.status]).toEqual([path, 404]);
  }
});

test("a token is shown once, kept as a hash, and is worth nothing once revoked or expired", async () => {
  const { db } = server.services;
  const who = await somebody(server);
  const cookie = await session(who);
  const made = await as(server, null, "/me/tokens", {
    json: { name: "laptop", scopes: ["read"], days: 7 },
    headers: { cookie, ...fromHere },
  });
  expect(made.status).toBe(201);
  expect(made.body.token).toMatch(/^assay_[\w-]{43}$/);
  const [{ whole } = { whole: "" }] = await db.execute<{ whole: string }>(
    sql`select string_agg(t::text, ' ') as whole from api_tokens t`,
  );
  expect(whole).not.toContain(made.body.token.slice(6));
  const list = await as(server, null, "/me/tokens", { headers: { cookie } });
  expect(JSON.stringify(list.body)).not.toContain(made.body.token);
  expect((await as(server, made.body, "/me")).status).toBe(200);
  const gone = { method: "DELETE", headers: { cookie, ...fromHere } };
  expect((await as(server, null, `/me/tokens/${made.body.id}`, gone)).status).toBe(204);
  expect((await as(server, made.body, "/me")).body.error.code).toBe("bad_token");
  await db.update(apiTokens).set({ expiresAt: sql`now()` }).where(eq(apiTokens.personId, who.id));
  expect((await as(server, who, "/me")).status).toBe(401);
});

test("a token makes and ends no tokens, and nobody ends another's", async () => {
  const who = await somebody(server);
  const wish = { json: { name: "x", scopes: ["read"] } };
  expect((await as(server, who, "/me/tokens", wish)).body.error.code).toBe("session_needed");
  const other = await somebody(server);
  const [theirs] = await server.services.db.select().from(apiTokens).where(eq(apiTokens.personId, other.id));
  const headers = { cookie: await session(who), ...fromHere };
  expect((await as(server, null, `/me/tokens/${theirs!.id}`, { method: "DELETE", headers })).status).toBe(
    404,
  );
});

test("a bad token is refused even beside a good session", async () => {
  const cookie = await session(await somebody(server));
  expect((await as(server, { token: "assay_no" }, "/me", { headers: { cookie } })).status).toBe(401);
});

test("whoever is disabled is out at once, with session and token", async () => {
  const who = await somebody(server);
  const cookie = await session(who);
  await server.services.db.update(people).set({ disabledAt: sql`now()` }).where(eq(people.id, who.id));
  expect((await as(server, null, "/me", { headers: { cookie } })).status).toBe(401);
  expect((await as(server, who, "/me")).status).toBe(401);
});

test("a link sets a password once; older sessions end", async () => {
  const who = await somebody(server);
  const cookie = await session(who);
  const token = await invite(server.services.auth, who.id);
  const [row] = await server.services.db.execute<{ all: string }>(
    sql`select string_agg(v::text, ' ') as all from verifications v`,
  );
  expect(row?.all).not.toContain(token);
  const set = (password: string) => as(server, null, "/set-password", { json: { token, password } });
  expect((await set("short")).body.error.code).toBe("weak_password");
  expect((await set("a new long password")).status).toBe(204);
  expect((await set("another long password")).body.error.code).toBe("bad_invitation");
  expect((await as(server, null, "/me", { headers: { cookie } })).status).toBe(401);
  await session({ email: who.email, password: "a new long password" });
});

test("an administrator makes a person and a link for them; the secret is not in the address's path", async () => {
  const person = { email: "New.Person@Example.edu", name: "新同学" };
  const made = await as(server, course.admin, "/people", { json: person });
  expect(made.body).toMatchObject({ email: "new.person@example.edu", name: "新同学", admin: false });
  const link = await as(server, course.admin, `/people/${made.body.id}/invitation`, { method: "POST" });
  expect(link.body.url).toMatch(/^http:\/\/assay\.test\/set-password#[\w-]{32}$/);
  const again = await as(server, course.admin, "/people", { json: person });
  expect([again.status, again.body.error.code]).toEqual([409, "email_taken"]);
});

const foreign = "https://evil.example";
test.each([
  ["from another site", { origin: foreign }, 403],
  ["with the origin of nowhere", { origin: "null" }, 403],
  ["from another site by its referer only", { referer: `${foreign}/form` }, 403],
  ["from a sibling site", { origin: ORIGIN, "sec-fetch-site": "same-site" }, 403],
  ["by a browser that says cross-site and no more", { "sec-fetch-site": "cross-site" }, 403],
  ["with a cookie and no word about where from", {}, 403],
  ["from our own pages", { origin: ORIGIN, "sec-fetch-site": "same-origin" }, 204],
  ["from our own pages, without a referer", { "sec-fetch-site": "same-origin" }, 204],
])("a request %s", async (_, headers, status) => {
  const cookie = await session(await somebody(server));
  for (const type of ["application/json", "application/x-www-form-urlencoded", "text/plain", ""]) {
    const sent = { cookie, ...headers, ...(type && { "content-type": type }) } as Record<string, string>;
    const answer = await as(server, null, "/sign-out", { method: "POST", headers: sent });
    expect([type, answer.status]).toEqual([type, status]);
  }
});

test("another site cannot sign somebody in, even without any cookie", async () => {
  const who = await somebody(server);
  const json = { email: who.email, password: who.password };
  expect((await as(server, null, "/sign-in", { json, headers: { origin: foreign } })).status).toBe(403);
  expect((await as(server, null, "/sign-in", { json })).status).toBe(200);
});

test("a request that does not fit its schema is told where", async () => {
  const { status, body } = await as(server, null, "/token", {
    json: { email: "no", password: "x", name: "x" },
  });
  expect([status, body.error.code, body.error.params.where]).toEqual([422, "invalid", "email"]);
  const torn = await as(server, null, "/token", { body: "{", type: "application/json" });
  expect([torn.status, torn.body.error.code]).toEqual([400, "malformed"]);
});

test("every answer carries the headers that keep it private and unframed", async () => {
  for (const path of ["/me", "/nothing-here"]) {
    const { headers } = await as(server, course.student, path);
    expect(headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("cache-control")).toBe("private, no-store");
  }
});

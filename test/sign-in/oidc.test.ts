// Signing in by OpenID Connect against a real provider: the whole way through both sites, as a browser goes it.
import { eq } from "drizzle-orm";
import { afterAll, beforeEach, expect, test } from "vitest";
import { createPerson, invite, setPassword } from "../../src/accounts/people.ts";
import { accounts } from "../../src/accounts/tables.ts";
import { transaction } from "../../src/platform/database.ts";
import { freshDatabase, testLog } from "../support/database.ts";
import { startWebServer } from "../support/web-server.ts";
import { TestBrowser } from "./browser.ts";
import { CLIENT, startProvider } from "./provider.ts";

const database = await freshDatabase();
const provider = await startProvider();
const server = await startWebServer(database.url, testLog, database.roles, {
  oidc: { issuer: provider.issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret, name: "Campus" },
});
provider.allow(`${server.url}/sign-in/oidc/callback`);
const { db, auth } = server.services;
afterAll(async () => {
  await server.stop();
  await provider.stop();
});

let number = 0;
beforeEach(() => {
  provider.who = `subject-${++number}`;
});

const PASSWORD = "correct horse battery";
async function somebody() {
  const email = `person${++number}@example.edu`;
  const person = await transaction(db, (tx) => createPerson(tx, null, { name: "Somebody", email }));
  await setPassword(auth, person.id, PASSWORD);
  return person;
}
async function signedIn(email: string) {
  const browser = new TestBrowser();
  await browser.send(`${server.url}/sign-in`, { email, password: PASSWORD });
  return browser;
}
/** As the page's own refresh does it. */
const onward = (headers: Headers) => /^0; url=(.*)$/.exec(headers.get("refresh") ?? "")![1]!;
const isCallback = (url: string) => url.startsWith(`${server.url}/sign-in/oidc/callback`);

test("somebody connects a login from their account, and signs in with it from then on", async () => {
  const person = await somebody();
  const browser = await signedIn(person.email);
  const asked = await browser.send(`${server.url}/account/ways`);
  const connected = await browser.go(onward(asked.headers));
  expect([connected.url, connected.status]).toEqual([`${server.url}/account`, 200]);
  expect(connected.text).toContain(provider.issuer);
  const [row] = await db.select().from(accounts).where(eq(accounts.accountId, provider.who!));
  expect(row).toMatchObject({
    personId: person.id,
    providerId: provider.issuer,
    password: null,
    idToken: null,
  });

  const another = new TestBrowser();
  const home = await another.go(`${server.url}/sign-in/oidc?next=/account`);
  expect([home.url, home.status]).toEqual([`${server.url}/account`, 200]);
  expect(home.text).toContain(person.email);
});

test("whoever nobody here has said to be is refused, also with somebody's e-mail", async () => {
  const refused = await new TestBrowser().go(`${server.url}/sign-in/oidc`);
  expect([refused.status, isCallback(refused.url)]).toEqual([403, true]);
  expect(refused.text).not.toContain("ta@elsewhere.example");
  expect(await db.$count(accounts, eq(accounts.accountId, provider.who!))).toBe(0);
});

test("an invitation is used up by connecting, and signs in", async () => {
  const person = await transaction(db, (tx) =>
    createPerson(tx, null, { name: "Invited", email: "invited@example.edu" }),
  );
  const token = await invite(auth, person.id);
  const browser = new TestBrowser();
  const asked = await browser.send(`${server.url}/set-password/oidc`, { token });
  const home = await browser.go(onward(asked.headers));
  expect([home.url, home.status]).toEqual([`${server.url}/`, 200]);
  provider.who = "another subject";
  const second = new TestBrowser();
  const again = await second.send(`${server.url}/set-password/oidc`, { token });
  const refused = await second.go(onward(again.headers));
  expect(refused.status).toBe(422);
  expect(await db.$count(accounts, eq(accounts.accountId, "another subject"))).toBe(0);
});

test("a login that is somebody's cannot become another's", async () => {
  const [first, second] = [await somebody(), await somebody()];
  for (const [person, status] of [
    [first, 200],
    [second, 409],
  ] as const) {
    const browser = await signedIn(person.email);
    const asked = await browser.send(`${server.url}/account/ways`);
    expect((await browser.go(onward(asked.headers))).status).toBe(status);
  }
});

test("an answer counts in the browser that asked, once, and not in another's name", async () => {
  const person = await somebody();
  const browser = await signedIn(person.email);
  const asked = await browser.send(`${server.url}/account/ways`);
  const { url: answer } = await browser.go(onward(asked.headers), {}, isCallback);
  // Somebody else's browser is sent there: the attack that would connect one's login with another's account.
  const victim = await signedIn((await somebody()).email);
  expect((await victim.go(answer)).status).toBe(422);
  await victim.send(`${server.url}/account/ways`);
  expect((await victim.go(answer)).status).toBe(422);
  expect((await browser.go(answer)).status).toBe(200);
  expect((await browser.go(answer)).status).toBe(422);
});

test.each([
  ["another state", (url: URL) => url.searchParams.set("state", "x")],
  ["another issuer", (url: URL) => url.searchParams.set("iss", "https://evil.example")],
  ["no issuer, of a provider that promised one", (url: URL) => url.searchParams.delete("iss")],
  ["another code", (url: URL) => url.searchParams.set("code", "x")],
  ["no code", (url: URL) => url.searchParams.delete("code")],
])("an answer with %s is refused", async (_, change) => {
  const browser = new TestBrowser();
  const { url } = await browser.go(`${server.url}/sign-in/oidc`, {}, isCallback);
  const changed = new URL(url);
  change(changed);
  expect((await browser.go(changed.href)).status).toBe(422);
});

test("somebody who refuses there is told so here", async () => {
  provider.who = null;
  const refused = await new TestBrowser().go(`${server.url}/sign-in/oidc`);
  expect(refused.status).toBe(422);
  expect(refused.text).toContain("not today");
});

test("a person who is disabled does not get in", async () => {
  const person = await somebody();
  const browser = await signedIn(person.email);
  const asked = await browser.send(`${server.url}/account/ways`);
  await browser.go(onward(asked.headers));
  await database.sql`update people set disabled_at = now() where id = ${person.id}`;
  expect((await new TestBrowser().go(`${server.url}/sign-in/oidc`)).status).toBe(403);
});

test("a way that was disconnected signs nobody in", async () => {
  const person = await somebody();
  const browser = await signedIn(person.email);
  const asked = await browser.send(`${server.url}/account/ways`);
  await browser.go(onward(asked.headers));
  const [row] = await db.select().from(accounts).where(eq(accounts.accountId, provider.who!));
  await browser.send(`${server.url}/account/ways/${row!.id}/disconnect`);
  expect((await new TestBrowser().go(`${server.url}/sign-in/oidc`)).status).toBe(403);
});

test("the page offers it by name, and no path of the library begins a session", async () => {
  expect((await new TestBrowser().go(`${server.url}/sign-in`)).text).toContain("Campus");
  for (const path of ["/api/auth/begin-for", "/api/auth/beginFor", "/api/auth"]) {
    const answer = await fetch(server.url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ personId: (await somebody()).id }),
    });
    expect([path, answer.status, answer.headers.getSetCookie()]).toEqual([path, 404, []]);
  }
});

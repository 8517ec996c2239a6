// A server with a course, a platform beside it, and a browser's way from one to the other.
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { afterAll } from "vitest";
import { type TestCourse, testCourse } from "../../src/api/testing/course.ts";
import { type TestServer, testServer } from "../../src/api/testing/server.ts";
import { registerPlatform } from "../../src/lms/platforms.ts";
import type { LmsPlatform } from "../../src/lms/tables.ts";
import { mountWeb } from "../../src/web/web.ts";
import type { Answer, TestBrowser } from "../sign-in/browser.ts";
import { CLIENT_ID, MEMBER, type Member, type Platform, type Signer, startPlatform } from "./platform.ts";

export interface LmsWorld {
  server: TestServer;
  course: TestCourse;
  platform: Platform;
  registered: LmsPlatform;
  url: string;
  /** The whole of a launch: to us, to the platform, back, and on to where it ends. */
  launch(browser: TestBrowser, member: Member, more?: LaunchOptions): Promise<Answer>;
}

export interface LaunchOptions {
  claims?: Record<string, unknown>;
  by?: Signer;
  /** Of the platform's post to us. */
  post?: Record<string, string>;
}

export const learner = (sub: string, email?: string): Member => ({
  sub,
  name: `Learner ${sub}`,
  ...(email !== undefined && { email }),
  roles: [`${MEMBER}#Learner`],
});
export const teacher = (sub: string, email?: string): Member => ({
  ...learner(sub, email),
  name: `Teacher ${sub}`,
  roles: [`${MEMBER}#Instructor`],
});

export async function lmsWorld(): Promise<LmsWorld> {
  const server = await testServer();
  const platform = await startPlatform();
  mountWeb(server.app);
  const http = createAdaptorServer({ fetch: server.app.fetch }) as Server;
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  server.services.publicUrl = url;
  server.services.origins.push(url);
  platform.tool = url;
  const course = await testCourse(server);
  const registered = await registerPlatform(server.services.db, {
    ...{ name: "Campus LMS", issuer: platform.url, clientId: CLIENT_ID, deployments: ["1"] },
    ...{
      authorizationUrl: `${platform.url}/auth`,
      tokenUrl: `${platform.url}/token`,
      keysUrl: `${platform.url}/keys`,
    },
  });
  afterAll(async () => {
    http.closeAllConnections();
    http.close();
    await platform.stop();
  });
  const atPlatform = (at: string) => at.startsWith(`${platform.url}/auth`);
  const launch: LmsWorld["launch"] = async (browser, member, { claims, by, post } = {}) => {
    const asked = new URLSearchParams({
      iss: platform.url,
      login_hint: member.sub,
      target_link_uri: `${url}/lti/launch`,
    });
    const away = await browser.go(`${url}/lti/login?${asked}`, {}, atPlatform);
    if (!atPlatform(away.url)) return away;
    const there = new URL(away.url);
    const form = {
      id_token: await platform.token(there, member, claims, by),
      state: there.searchParams.get("state") ?? "",
      ...post,
    };
    // The platform's page posts it: from another site.
    const headers = { origin: platform.url, "sec-fetch-site": "cross-site" };
    return browser.go(`${url}/lti/launch`, { method: "POST", body: new URLSearchParams(form), headers });
  };
  return { server, course, platform, registered, url, launch };
}

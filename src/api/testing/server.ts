// The whole server but its socket, on a database of its own: what the API's tests speak to. Credentials, roles,
// archives, queue and news are the real ones; only gradings are written by hand (grade.ts).
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { afterAll } from "vitest";
import { freshDatabase, freshQueue, type TestDatabase, testLog } from "../../../test/support/database.ts";
import { createAuth } from "../../accounts/auth.ts";
import { createPerson, setPassword } from "../../accounts/people.ts";
import type { Person, Scope } from "../../accounts/tables.ts";
import { issueToken } from "../../accounts/tokens.ts";
import { ALL_SCOPES } from "../../accounts/viewer.ts";
import { createApp } from "../../http/app.ts";
import { openNews } from "../../http/news.ts";
import type { AppEnv, Services } from "../../http/services.ts";
import { type Database, transaction } from "../../platform/database.ts";
import { createArchiveReader } from "../../storage/archive.ts";
import { diskBlobs } from "../../storage/blobs.ts";
import { mountApi } from "../api.ts";

export const ORIGIN = "http://assay.test";

export interface TestServer {
  app: OpenAPIHono<AppEnv>;
  services: Services;
  /** The same database as its owner, or as another role. The services are the web's. */
  owner: TestDatabase;
}

/** @param given a database, and another way to it than the straight one. */
export async function testServer(given?: { owner: TestDatabase; web: Database }): Promise<TestServer> {
  const owner = given?.owner ?? (await freshDatabase());
  const database = given?.web ?? owner.as("web");
  const home = await mkdtemp(join(tmpdir(), "assay-api-"));
  const blobs = diskBlobs(join(home, "blobs"));
  const archives = createArchiveReader({ blobs });
  const news = await openNews(database);
  const services: Services = {
    database,
    db: database.db,
    queue: await freshQueue(database),
    blobs,
    archives,
    auth: createAuth({
      db: database.db,
      secret: "a secret of the tests, long enough",
      baseUrl: ORIGIN,
      trustedOrigins: [ORIGIN],
    }),
    news,
    log: testLog,
    publicUrl: ORIGIN,
    origins: [ORIGIN],
    uploads: join(home, "uploads"),
  };
  const app = createApp(services);
  mountApi(app);
  afterAll(async () => {
    await Promise.all([archives.close(), news.close()]);
    await rm(home, { recursive: true, force: true });
  });
  return { app, services, owner };
}

export interface TestPerson extends Person {
  token: string;
  password: string;
}

let people = 0;

/** Somebody with a password and a token. */
export async function somebody(
  { services: { db, auth } }: TestServer,
  wish: { admin?: boolean; scopes?: readonly Scope[]; name?: string } = {},
): Promise<TestPerson> {
  const number = ++people;
  const made = await transaction(db, (tx) =>
    createPerson(tx, null, {
      name: wish.name ?? `Person ${number}`,
      email: `person${number}@example.edu`,
      admin: wish.admin ?? false,
    }),
  );
  const password = `correct horse ${number}`;
  await setPassword(auth, made.id, password);
  const { token } = await issueToken(db, made.id, {
    name: "test",
    scopes: wish.scopes ?? ALL_SCOPES,
    days: 1,
  });
  return { ...made, token, password };
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it
  body: any;
}

export interface Ask {
  method?: string;
  json?: unknown;
  body?: string | Buffer | FormData;
  type?: string;
  headers?: Record<string, string>;
}

/** A request in somebody's name, under /api/v1; its answer with the body read. */
export async function as(
  { app }: TestServer,
  who: { token: string } | null,
  path: string,
  { method, json, body, type, headers }: Ask = {},
): Promise<Answer> {
  const sent = json === undefined ? body : JSON.stringify(json);
  const response = await app.request(`/api/v1${path}`, {
    method: method ?? (sent === undefined ? "GET" : "POST"),
    headers: {
      ...(who ? { authorization: `Bearer ${who.token}` } : {}),
      ...(json === undefined ? {} : { "content-type": "application/json" }),
      ...(type ? { "content-type": type } : {}),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent as string | FormData | Buffer<ArrayBuffer> }),
  });
  const text = await response.text();
  // The answer to a HEAD says a type and has no body.
  const isJson = text !== "" && (response.headers.get("content-type")?.includes("json") ?? false);
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

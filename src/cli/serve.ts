// `assay serve`: the HTTP server. With worker.ts the only place where rooms are put together. It holds no Docker
// socket and runs nothing of a submission's.
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import { Command } from "commander";
import { createAuth } from "../accounts/auth.ts";
import { openOidc } from "../accounts/oidc.ts";
import { authSecret } from "../accounts/secret.ts";
import { mountApi } from "../api/api.ts";
import { createApp } from "../http/app.ts";
import { openNews } from "../http/news.ts";
import type { Services } from "../http/services.ts";
import { startScores } from "../lms/scores.ts";
import { startMails } from "../notifications/send-mails.ts";
import { type Config, readConfig } from "../platform/config.ts";
import type { Database } from "../platform/database.ts";
import { openInstallation } from "../platform/installation.ts";
import { createLogger, type Logger } from "../platform/log.ts";
import { openMailer } from "../platform/mail.ts";
import { openQueue } from "../platform/queue.ts";
import { createArchiveReader } from "../storage/archive.ts";
import type { DiskBlobStore } from "../storage/blobs.ts";
import { announceResults } from "../submissions/announce.ts";
import { workOffImports } from "../submissions/import-run.ts";
import { startSettling } from "../submissions/settle-refused.ts";
import { mountWeb } from "../web/web.ts";
import { openBlobs } from "./blobs.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { openStagesNow } from "./later-stages.ts";
import { lookEvery } from "./look-every.ts";

/** Archives read at once; each is a child process. */
const ARCHIVE_READERS = 2;
/** A slow upload's whole time; its pace is watched besides (http/upload.ts). */
const REQUEST_LIMIT_MS = 15 * 60_000;
const HEADERS_LIMIT_MS = 15_000;
const STOP_LIMIT_MS = 5_000;

export function serveCommand(): Command {
  return new Command("serve").description("serve pages and API, until SIGTERM").action(async () => {
    const config = readConfig();
    const log = createLogger(config.logLevel, { process: "serve", pid: process.pid });
    const running = await startServer(config, log);
    console.log(`Assay answers at ${running.url}`);
    await untilTold();
    await running.stop();
  });
}

const ANNOUNCE_EVERY_MS = 5_000;
/** Whoever pressed the button waits for it. */
const IMPORTS_EVERY_MS = 1_500;

export interface RunningServer {
  url: string;
  stop(): Promise<void>;
}

/** Opens everything, listens, and gives back how to end it. */
export async function startServer(config: Config, log: Logger): Promise<RunningServer> {
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const close of closing.reverse()) await close();
  };
  try {
    const database = await openInstallation(config, "web", "serve");
    closing.push(() => database.close());
    const { server, serve } = await bind(config);
    const url = config.publicUrl ?? addressOf(config, server);
    const store = await openBlobs(config, log);
    closing.push(async () => store.close());
    const services = await openServices(config, database, log, url, closing, store.blobs);
    const app = createApp(services);
    mountApi(app);
    mountWeb(app);
    closing.push(startHousekeeping(services, store));
    const stopOpening = openStagesNow(services.db, services.queue, log);
    closing.push(async () => stopOpening());
    closing.push(await startSettling(database, log));
    closing.push(startScores(services.db, log));
    const stopTelling = lookEvery(ANNOUNCE_EVERY_MS, "people were told that results are out", log, () =>
      announceResults(services.db),
    );
    closing.push(async () => stopTelling());
    const stopImports = lookEvery(IMPORTS_EVERY_MS, "downloads of other systems were taken in", log, () =>
      workOffImports(services),
    );
    closing.push(async () => stopImports());
    if (config.mail) {
      const mailer = openMailer(config.mail.url, config.mail.from);
      closing.push(startMails(services.db, mailer, services.publicUrl, log));
    }
    closing.push(() => end(server));
    serve(app.fetch);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param closing gets how to close each, in the order of opening. */
export async function openServices(
  config: Config,
  database: Database,
  log: Logger,
  url: string,
  closing: (() => Promise<unknown>)[],
  blobs: DiskBlobStore,
): Promise<Services> {
  const archives = createArchiveReader({ blobs, children: ARCHIVE_READERS });
  closing.push(() => archives.close());
  const queue = await openQueue(database.url, { lanes: config.lanes, log });
  closing.push(() => queue.stop());
  const news = await openNews(database);
  closing.push(() => news.close());
  const publicUrl = url.replace(/\/+$/, "");
  const origins = originsOf(config, publicUrl);
  const secret = await authSecret(config.home);
  const { db } = database;
  const auth = createAuth({ db, secret, baseUrl: publicUrl, trustedOrigins: origins });
  const uploads = join(config.home, "uploads");
  const oidc = config.oidc && openOidc({ ...config.oidc, redirectUri: `${publicUrl}/sign-in/oidc/callback` });
  const metrics = { token: config.metricsToken, local: config.publicUrl === undefined };
  const made = {
    database,
    db,
    queue,
    blobs,
    archives,
    auth,
    news,
    log,
    publicUrl,
    origins,
    uploads,
    metrics,
  };
  return oidc ? { ...made, oidc } : made;
}

/** Without an address of its own, an installation is reached by the machine's own names. */
function originsOf({ publicUrl }: Config, url: string): string[] {
  const { origin, port, protocol } = new URL(url);
  if (publicUrl !== undefined) return [origin];
  return [origin, ...["127.0.0.1", "localhost", "[::1]"].map((name) => `${protocol}//${name}:${port}`)];
}

type Handler = (request: Request, env: never) => Response | Promise<Response>;

/** Listens before anything is told its address: with port 0 the system chooses it. */
async function bind({ host, port }: Config) {
  let handler: Handler = () => new Response("starting\n", { status: 503, headers: { "Retry-After": "1" } });
  const server = createAdaptorServer({
    fetch: (request, env) => handler(request, env as never),
    serverOptions: { headersTimeout: HEADERS_LIMIT_MS, requestTimeout: REQUEST_LIMIT_MS },
  }) as Server;
  server.listen(port, host);
  await once(server, "listening");
  const serve = (fetch: unknown) => {
    handler = fetch as Handler;
  };
  return { server, serve };
}

function addressOf({ host }: Config, server: Server): string {
  const { port } = server.address() as AddressInfo;
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

/** Takes no new request, lets what is under way end, and then ends what is left (open streams). */
async function end(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), STOP_LIMIT_MS);
  await closed;
  clearTimeout(late);
}

function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGTERM", () => resolve()).once("SIGINT", () => resolve());
  });
}

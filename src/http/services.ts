// What a request has at hand. Made once by cli/serve.ts, handed to every route.
import type { Auth } from "../accounts/auth.ts";
import type { OidcClient } from "../accounts/oidc.ts";
import type { Lang } from "../accounts/tables.ts";
import type { Viewer } from "../accounts/viewer.ts";
import type { Database, Db } from "../platform/database.ts";
import type { Logger } from "../platform/log.ts";
import type { Queue } from "../platform/queue.ts";
import type { ArchiveReader } from "../storage/archive.ts";
import type { DiskBlobStore } from "../storage/blobs.ts";
import type { News } from "./news.ts";

export interface Services {
  database: Database;
  db: Db;
  queue: Queue;
  blobs: DiskBlobStore;
  archives: ArchiveReader;
  auth: Auth;
  /** Absent: people sign in with passwords only. */
  oidc?: OidcClient;
  news: News;
  /** Who may read /metrics (api/metrics.ts); absent: nobody. */
  metrics?: { token: string | undefined; local: boolean };
  log: Logger;
  /** Where people reach us: for links. */
  publicUrl: string;
  /** Sites whose pages may send forms and requests here: our own. */
  origins: string[];
  /** A folder for uploads that are under way. */
  uploads: string;
}

export interface AppEnv {
  Variables: {
    services: Services;
    /** Null: nobody has signed in. */
    viewer: Viewer | null;
    lang: Lang;
    /** How many notifications the viewer has not read; set for pages. */
    unread?: number;
  };
}

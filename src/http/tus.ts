// The protocol of resumable uploads (tus.io 1.0): parts to a file, by @tus/server. Whose an upload is, what it counts as
// and what becomes of it is settled before and after, by submissions/resumable.ts.
import { FileStore } from "@tus/file-store";
import { Server, Upload } from "@tus/server";
import type { Context } from "hono";
import { UserError } from "../platform/errors.ts";
import { reservedBytes, resumableFolder } from "../submissions/resumable.ts";
import { fail } from "./errors.ts";
import type { AppEnv, Services } from "./services.ts";

/** One request on its way through the library, which knows only the request. */
interface Exchange {
  id: string;
  /** Called at the last byte; its answer, as JSON, is the answer to the part that brought it. */
  finish: () => Promise<unknown>;
  /** What a hook of ours threw: the library would make plain text of it. */
  thrown?: unknown;
}

const exchanges = new WeakMap<object, Exchange>();
const servers = new WeakMap<Services, Server>();

/** Answers a request of the protocol for one upload, which the caller has found to be the viewer's own. */
export async function serveTus(c: Context<AppEnv>, exchange: Exchange): Promise<Response> {
  const request = c.req.raw;
  exchanges.set(request, exchange);
  const response = await serverOf(c.var.services).handleWeb(request);
  if (exchange.thrown) throw exchange.thrown;
  if (response.status >= 400) throw refused(response.status, (await response.text()).trim());
  return response;
}

/** Broken rules of the protocol, in the shape of every other refusal; programs read the status. */
function refused(status: number, why: string): UserError {
  const entry = { status, en: "The upload cannot go on: {why}", zh: "上传无法继续：{why}" };
  return new UserError("upload_protocol", entry, { why: why.slice(0, 200) });
}

function serverOf(services: Services): Server {
  const made = servers.get(services) ?? createTusServer(services);
  servers.set(services, made);
  return made;
}

function createTusServer({ db, uploads }: Services): Server {
  // Sizes stand in the rows, and nowhere else.
  const configstore = {
    get: async (id: string) => {
      const size = await reservedBytes(db, id);
      return size === null ? undefined : new Upload({ id, size, offset: 0 });
    },
    set: async () => {},
    delete: async () => {},
  };
  const datastore = new FileStore({ directory: resumableFolder(uploads), configstore });
  return new Server({
    path: "/api/v1/uploads",
    datastore,
    namingFunction: (request) => exchangeOf(request).id,
    getFileIdFromRequest: (request) => exchangeOf(request).id,
    generateUrl: (_request, { id }) => `/api/v1/uploads/${id}`,
    // No page of another site sends here (csrf.ts).
    allowedOrigins: () => false,
    onUploadFinish: async (request) => {
      const answer = await exchangeOf(request).finish();
      return {
        status_code: 200,
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(answer),
      };
    },
    onResponseError: (request, error) => {
      if (!("status_code" in error)) exchangeOf(request).thrown = error;
      return undefined;
    },
  });
}

function exchangeOf(request: object): Exchange {
  const exchange = exchanges.get(request);
  if (!exchange) throw new Error("a request came to the upload server past its route");
  return exchange;
}

export interface Announced {
  bytes: number;
  sha256: string | null;
  name: string | undefined;
}

/** What the headers of a creation say. Null for a size that is none, or none that is known yet. */
export function announced(headers: Headers): Announced | null {
  const length = headers.get("upload-length") ?? "";
  const partial = headers.has("upload-concat") || headers.has("upload-defer-length");
  if (partial || !/^[1-9]\d{0,14}$/.test(length)) return null;
  const said = metadata(headers.get("upload-metadata") ?? "");
  const sha256 = said.get("sha256") ?? null;
  if (sha256 !== null && !/^[0-9a-f]{64}$/.test(sha256)) {
    throw fail("invalid", { where: "sha256", why: "not 64 small hexadecimal digits" });
  }
  return { bytes: Number(length), sha256, name: said.get("filename") };
}

/** `key base64, key base64` as it is written in tus 1.0. */
function metadata(header: string): Map<string, string> {
  const pairs = header
    .slice(0, 4000)
    .split(",")
    .map((pair) => pair.trim().split(" "));
  return new Map(
    pairs.map(([key = "", value = ""]) => [
      key,
      Buffer.from(value, "base64").toString("utf8").toWellFormed(),
    ]),
  );
}

// Requests of the command line. What the server says is text of a stranger's for a terminal: made inert.
import { z } from "zod";
import { inert } from "../../judge/inert.ts";
import { UserError } from "../../platform/errors.ts";
import type { ClientSettings } from "./settings.ts";

const refusalBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    params: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  }),
});

/** A refusal as the server told it; its sentence is in the language that was asked for. */
class ServerRefusal extends UserError {
  private readonly told: string;

  constructor(status: number, code: string, message: string, params: Record<string, string | number>) {
    super(code, { status, en: "", zh: "" }, params);
    this.name = "ServerRefusal";
    this.told = inert(message);
    this.message = this.told;
  }

  override sentence(): string {
    return this.told;
  }
}

/** The server cannot be reached, or is none of ours. */
export class Unreachable extends Error {
  override name = "Unreachable";
}

export interface RequestOptions {
  method?: string;
  json?: unknown;
  body?: Blob | Uint8Array;
  type?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Sends a request and answers its response, whatever its status. @throws Unreachable */
export async function send(
  settings: Omit<ClientSettings, "token"> & { token?: string },
  path: string,
  options: RequestOptions = {},
): Promise<Response> {
  const headers = new Headers({ "accept-language": settings.lang, ...options.headers });
  if (settings.token) headers.set("authorization", `Bearer ${settings.token}`);
  if (options.json !== undefined) headers.set("content-type", "application/json");
  if (options.type) headers.set("content-type", options.type);
  const body = options.json === undefined ? options.body : JSON.stringify(options.json);
  try {
    return await fetch(`${settings.server}${path}`, {
      method: options.method ?? (body === undefined ? "GET" : "POST"),
      headers,
      // A redirect would carry the token to wherever it points.
      redirect: "error",
      ...(body === undefined ? {} : { body: body as string | Blob | Uint8Array<ArrayBuffer> }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    const cause = (error as Error).cause;
    const why = cause instanceof Error ? cause.message : (error as Error).message;
    throw new Unreachable(`${settings.server} cannot be reached (${inert(why)})`);
  }
}

/** A request whose answer is JSON. @throws ServerRefusal, Unreachable */
export async function ask<T>(
  settings: Omit<ClientSettings, "token"> & { token?: string },
  path: string,
  schema: z.ZodType<T>,
  options: RequestOptions = {},
): Promise<T> {
  return answerOf(await send(settings, path, options), schema);
}

export async function answerOf<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
  const value = await response.json().catch(() => null);
  if (!response.ok) throw refusalOf(response.status, value);
  const read = schema.safeParse(value);
  if (!read.success)
    throw new Unreachable(`the server's answer is not understood: ${read.error.issues[0]?.message}`);
  return read.data;
}

export function refusalOf(status: number, value: unknown): Error {
  const read = refusalBody.safeParse(value);
  if (!read.success) return new Unreachable(`the server answered ${status}, and is perhaps none of Assay's`);
  const { code, message, params } = read.data.error;
  return new ServerRefusal(status, code, message, params);
}

/** Exit codes of the client's commands: 2 refused, 3 we or the network failed. */
export async function exitCodeOf(
  json: boolean,
  lang: "en" | "zh",
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const user = error instanceof UserError;
    const code = user ? error.code : "failed";
    const message = user ? error.sentence(lang) : error.message;
    if (json) console.log(JSON.stringify({ error: { code, message, params: user ? error.params : {} } }));
    else console.error(message);
    return user && error.status < 500 ? 2 : 3;
  }
}

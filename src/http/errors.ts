// Errors to responses: a person's as what they can act on, ours as an incident number and nothing more.
import { randomUUID } from "node:crypto";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { failWith, InfrastructureFault, UserError } from "../platform/errors.ts";
import { StorageFault } from "../storage/blobs.ts";
import { Refusal } from "../storage/errors.ts";
import { asUserError } from "../submissions/refusal.ts";
import type { AppEnv } from "./services.ts";

export const httpErrors = {
  not_found: {
    status: 404,
    en: "There is nothing here, or it is not yours to see.",
    zh: "此处没有内容，或您无权查看。",
  },
  foreign_origin: {
    status: 403,
    en: "This request came from another site ({origin}) and was refused.",
    zh: "该请求来自其他站点（{origin}），已被拒绝。",
  },
  invalid: {
    status: 422,
    en: "{where}: {why}",
    zh: "{where}：{why}",
  },
  malformed: {
    status: 400,
    en: "The request could not be read: {why}",
    zh: "无法解析该请求：{why}",
  },
  body_too_large: {
    status: 413,
    en: "The request's body is larger than {limit}.",
    zh: "请求内容超过 {limit}。",
  },
  not_an_upload: {
    status: 415,
    en: "Send the ZIP as the body (Content-Type: application/zip) or as the field “file” of a form.",
    zh: "请将 ZIP 作为请求体发送（Content-Type: application/zip），或作为表单字段 “file” 上传。",
  },
  too_large: {
    status: 413,
    en: "The upload is larger than {limit}. Leave out data and other large files and submit again.",
    zh: "上传的文件超过 {limit}。请去掉数据等大文件后重新提交。",
  },
  upload_stalled: {
    status: 408,
    en: "The upload stopped or was too slow. Check your connection and submit again.",
    zh: "上传中断或过慢。请检查网络后重新提交。",
  },
  too_many_uploads: {
    status: 429,
    en: "You have {limit} uploads under way. Wait for one to end.",
    zh: "您已有 {limit} 个上传正在进行，请等待其中一个完成。",
  },
  too_many_streams: {
    status: 429,
    en: "You have {limit} live views open. Close one.",
    zh: "您已打开 {limit} 个实时页面，请关闭其中一个。",
  },
  unavailable: {
    status: 503,
    en: "The server cannot do this right now. Nothing was used up; try again in a minute. (Incident {incident})",
    zh: "服务器暂时无法处理，未消耗任何机会，请稍后重试。（编号 {incident}）",
  },
  internal: {
    status: 500,
    en: "Something went wrong on our side. Try again; if it stays, tell your instructor: incident {incident}.",
    zh: "服务器出现错误，请重试；若仍未解决，请将编号 {incident} 告知教师。",
  },
} as const;

export const fail = failWith(httpErrors);

/** Any error as the one that a person is told; ours are logged with the incident's number. */
export function errorFor(error: unknown, c: Context<AppEnv>): UserError {
  if (error instanceof UserError) return error;
  if (error instanceof Refusal) return asUserError(error) as UserError;
  if (error instanceof HTTPException) return fail("malformed", { why: error.message });
  const incident = randomUUID().slice(0, 8);
  c.var.services.log.error(
    { err: error, incident, path: c.req.path, method: c.req.method },
    "request failed",
  );
  const ours = error instanceof InfrastructureFault || error instanceof StorageFault || isPassing(error);
  return fail(ours ? "unavailable" : "internal", { incident });
}

/** Disk full, database away or its network still (25P03): it is not the request, and it will pass. */
function isPassing(error: unknown): boolean {
  const passing =
    /^(ENOSPC|EDQUOT|ECONNREFUSED|ECONNRESET|CONNECT_TIMEOUT|CONNECTION_(CLOSED|ENDED|DESTROYED)|57P0[1-5]|25P03|53\d{3})$/;
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (passing.test(String((at as { code?: unknown }).code))) return true;
  }
  return false;
}

/** What every refusal of the API looks like. */
function errorBody(error: UserError, lang: "en" | "zh") {
  return { error: { code: error.code, message: error.sentence(lang), params: error.params } };
}

export function errorResponse(error: unknown, c: Context<AppEnv>): Response {
  const told = errorFor(error, c);
  if (told.status === 401) c.header("WWW-Authenticate", 'Bearer realm="assay"');
  if (told.status === 429 || told.status === 503) c.header("Retry-After", retryAfter(told));
  return c.json(errorBody(told, c.var.lang ?? "en"), told.status as ContentfulStatusCode);
}

function retryAfter({ params }: UserError): string {
  if (typeof params.seconds === "number") return String(params.seconds);
  return typeof params.minutes === "number" ? String(params.minutes * 60) : "60";
}

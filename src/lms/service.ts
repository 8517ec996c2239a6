// Speaking to a platform: a token for its points' service, a column, a score (Assignment and Grade Services 2.0).
import { z } from "zod";
import type { Db } from "../platform/database.ts";
import { LINE_ITEM_SCOPE, SCORE_SCOPE } from "./claims.ts";
import { clientAssertion } from "./keys.ts";
import type { LmsPlatform } from "./tables.ts";

const ANSWER_LIMIT_MS = 15_000;
const SAID_LIMIT = 300;

/** A platform that said no (`refused`), or could not be asked and may be later. */
export class PlatformFault extends Error {
  override name = "PlatformFault";
  readonly refused: boolean;
  constructor(message: string, refused: boolean, options?: ErrorOptions) {
    super(message, options);
    this.refused = refused;
  }
}

export interface Score {
  subject: string;
  /** Hundredths; null takes back what was sent. */
  points: number | null;
  max: number;
  at: Date;
}

/** What may be sent with one token, which is asked for once a round. */
export interface PlatformSession {
  sendScore(lineItem: string, score: Score): Promise<void>;
  makeColumn(
    lineItems: string,
    column: { title: string; max: number; resourceId: string; tag: string },
  ): Promise<string>;
}

export function openPlatform(db: Db, platform: LmsPlatform): PlatformSession {
  const tokens = new Map<string, Promise<string>>();
  const tokenFor = (scope: string) => {
    const known = tokens.get(scope) ?? accessToken(db, platform, scope);
    tokens.set(scope, known);
    return known;
  };
  return {
    async sendScore(lineItem, { subject, points, max, at }) {
      const graded = points !== null && {
        ...{ scoreGiven: Math.max(0, points) / 100, scoreMaximum: max / 100 },
      };
      await ask(
        inside(lineItem, "scores"),
        "application/vnd.ims.lis.v1.score+json",
        await tokenFor(SCORE_SCOPE),
        {
          ...{ userId: subject, timestamp: at.toISOString(), activityProgress: "Completed" },
          ...(graded || {}),
          gradingProgress: points === null ? "Pending" : "FullyGraded",
        },
      );
    },
    async makeColumn(lineItems, { title, max, resourceId, tag }) {
      const kind = "application/vnd.ims.lis.v2.lineitem+json";
      const body = { label: title, scoreMaximum: max / 100, resourceLinkId: resourceId, tag };
      const made = z
        .object({ id: z.url() })
        .safeParse(await ask(lineItems, kind, await tokenFor(LINE_ITEM_SCOPE), body));
      if (!made.success) throw new PlatformFault("the platform made a column and did not say where", true);
      return made.data.id;
    },
  };
}

/** `…/lineitem?type_id=1` holds its scores at `…/lineitem/scores?type_id=1`. */
export function inside(url: string, part: string): string {
  const at = new URL(url);
  at.pathname = `${at.pathname.replace(/\/$/, "")}/${part}`;
  return at.href;
}

async function accessToken(db: Db, platform: LmsPlatform, scope: string): Promise<string> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: await clientAssertion(db, platform),
    scope,
  });
  const text = await reach(platform.tokenUrl, { method: "POST", body: form });
  const read = z.object({ access_token: z.string().min(1) }).safeParse(json(text));
  if (!read.success) throw new PlatformFault(`${platform.tokenUrl} gave no token`, true);
  return read.data.access_token;
}

async function ask(url: string, type: string, token: string, body: unknown): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, "content-type": type };
  return json(await reach(url, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** No redirect is followed: the token is for whoever was registered. */
async function reach(url: string, init: RequestInit): Promise<string> {
  const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
  try {
    const answer = await fetch(url, { ...init, signal, redirect: "error" });
    const text = await answer.text();
    if (answer.ok) return text;
    const later = answer.status >= 500 || [401, 408, 425, 429].includes(answer.status);
    throw new PlatformFault(`${url} answers ${answer.status}: ${text.slice(0, SAID_LIMIT)}`, !later);
  } catch (cause) {
    if (cause instanceof PlatformFault) throw cause;
    throw new PlatformFault(`${url} does not answer`, false, { cause });
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// A learning platform on this machine, written after LTI 1.3 and AGS 2.0: it signs launches, gives tokens to whoever
// signs as the tool, and keeps the points that it is sent. It believes nothing that it has not checked.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type CryptoKey,
  createLocalJWKSet,
  createRemoteJWKSet,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from "jose";

const LTI = "https://purl.imsglobal.org/spec/lti/claim";
const AGS = "https://purl.imsglobal.org/spec/lti-ags";
const SCORES = [`${AGS}/scope/score`, `${AGS}/scope/lineitem`];
export const MEMBER = "http://purl.imsglobal.org/vocab/lis/v2/membership";
export const CLIENT_ID = "tool-of-ours";

export interface Member {
  sub: string;
  name?: string;
  email?: string;
  roles: string[];
}

export interface SentScore {
  path: string;
  body: Record<string, unknown>;
}

export interface Platform {
  url: string;
  /** Where the tool is; the platform fetches its keys there, unless it was given them. */
  tool: string;
  keys: JSONWebKeySet | null;
  scores: SentScore[];
  columns: Record<string, unknown>[];
  /** Of each token request that was refused, why. */
  refusals: string[];
  /** What the points' service answers instead, once for each. */
  answers: number[];
  /** A token as the platform signs it; `claims` over the usual ones, `null` leaves one out. */
  token(asked: URL, member: Member, claims?: Record<string, unknown>, by?: Signer): Promise<string>;
  stop(): Promise<void>;
}

export interface Signer {
  key: CryptoKey;
  kid: string;
  alg: string;
}

export async function startPlatform(): Promise<Platform> {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const own: Signer = { key: privateKey as CryptoKey, kid: "platform-1", alg: "RS256" };
  const tokens = new Set<string>();
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    const body = await bodyOf(request);
    const answer = (status: number, value: unknown) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    };
    if (path === "/keys")
      return answer(200, {
        keys: [{ ...(await exportJWK(publicKey)), kid: own.kid, alg: "RS256", use: "sig" }],
      });
    if (path === "/token") {
      const refused = await whyNot(platform, new URLSearchParams(body));
      if (refused !== null) {
        platform.refusals.push(refused);
        return answer(400, { error: "invalid_client", error_description: refused });
      }
      const token = randomUUID();
      tokens.add(token);
      return answer(200, { access_token: token, token_type: "Bearer", expires_in: 3600 });
    }
    if (!tokens.has(request.headers.authorization?.replace("Bearer ", "") ?? ""))
      return answer(401, { error: "no token" });
    const instead = platform.answers.shift();
    if (instead !== undefined) return answer(instead, { error: `as the test says: ${instead}` });
    if (path.endsWith("/scores")) {
      if (request.headers["content-type"] !== "application/vnd.ims.lis.v1.score+json") return answer(415, {});
      platform.scores.push({ path: request.url ?? "", body: JSON.parse(body) });
      return answer(200, {});
    }
    if (path === "/lineitems") {
      platform.columns.push(JSON.parse(body));
      return answer(201, { ...JSON.parse(body), id: `${platform.url}/lineitems/made` });
    }
    answer(404, {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const platform: Platform = {
    ...{ url, tool: "", keys: null, scores: [], columns: [], refusals: [], answers: [] },
    async token(asked, member, claims = {}, by = own) {
      const payload = { ...usual(url, asked, member), ...claims };
      for (const [name, value] of Object.entries(payload))
        if (value === null) delete (payload as JWTPayload)[name];
      return new SignJWT(payload).setProtectedHeader({ alg: by.alg, kid: by.kid }).sign(by.key);
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return platform;
}

function usual(url: string, asked: URL, { sub, name, email, roles }: Member): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  return {
    ...{
      iss: url,
      aud: CLIENT_ID,
      sub,
      iat: now,
      exp: now + 300,
      nonce: asked.searchParams.get("nonce") ?? "",
    },
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    [`${LTI}/message_type`]: "LtiResourceLinkRequest",
    [`${LTI}/version`]: "1.3.0",
    [`${LTI}/deployment_id`]: "1",
    [`${LTI}/target_link_uri`]: "http://tool/lti/launch",
    [`${LTI}/resource_link`]: { id: "link-1", title: "First homework" },
    [`${LTI}/context`]: { id: "course-7", title: "Multimodal there" },
    [`${LTI}/roles`]: roles,
    [`${AGS}/claim/endpoint`]: {
      scope: SCORES,
      lineitems: `${url}/lineitems`,
      lineitem: `${url}/lineitems/1?type_id=3`,
    },
  };
}

export const NO_COLUMN = (url: string) => ({
  [`${AGS}/claim/endpoint`]: { scope: SCORES, lineitems: `${url}/lineitems` },
});
export const claim = (name: string) => `${LTI}/${name}`;

/** RFC 7523, as a platform must check it. */
async function whyNot({ tool, url, keys: given }: Platform, form: URLSearchParams): Promise<string | null> {
  if (form.get("grant_type") !== "client_credentials") return "grant_type";
  if (form.get("client_assertion_type") !== "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
    return "type";
  if (!(form.get("scope") ?? "").split(" ").every((scope) => SCORES.includes(scope))) return "scope";
  try {
    const keys = given ? createLocalJWKSet(given) : createRemoteJWKSet(new URL(`${tool}/lti/keys`));
    const { payload } = await jwtVerify(form.get("client_assertion") ?? "", keys, {
      ...{
        issuer: CLIENT_ID,
        subject: CLIENT_ID,
        audience: `${url}/token`,
        requiredClaims: ["jti", "exp", "iat"],
      },
    });
    return payload.jti === "" ? "jti" : null;
  } catch (error) {
    return String(error);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

// A real OpenID provider of another organisation, on this machine: the npm package `oidc-provider`. Whoever asks is
// signed in there as `provider.who`, without a page between.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
// @ts-expect-error: it comes without types
import { Provider } from "oidc-provider";

export const CLIENT = { id: "assay", secret: "a secret + of both: 100 %" };

export interface TestProvider {
  issuer: string;
  /** Who the browser is signed in as there; null: they refuse. */
  who: string | null;
  /** Tells it which address may be answered to. */
  allow(redirectUri: string): void;
  /** The HTTP requests that it has answered, as METHOD path. */
  asked: string[];
  stop(): Promise<void>;
}

export async function startProvider(): Promise<TestProvider> {
  let handle: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end();
  const server = createServer((request, response) => {
    provider.asked.push(`${request.method} ${request.url?.split("?")[0]}`);
    handle(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: TestProvider = {
    issuer,
    who: "subject-1",
    asked: [],
    allow(redirectUri) {
      const op = makeProvider(issuer, redirectUri);
      const answer = op.callback();
      handle = async (request, response) => {
        if (!request.url?.startsWith("/interaction/")) return answer(request, response);
        const { prompt, params, grantId } = await op.interactionDetails(request, response);
        if (provider.who === null) {
          const refusal = { error: "access_denied", error_description: "not today" };
          return op.interactionFinished(request, response, refusal);
        }
        if (prompt.name === "login")
          return op.interactionFinished(request, response, { login: { accountId: provider.who } });
        const grant =
          (grantId && (await op.Grant.find(grantId))) ||
          new op.Grant({ accountId: provider.who, clientId: params.client_id });
        grant.addOIDCScope("openid email");
        return op.interactionFinished(
          request,
          response,
          { consent: { grantId: await grant.save() } },
          { mergeWithLastSubmission: true },
        );
      };
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return provider;
}

function makeProvider(issuer: string, redirectUri: string) {
  return new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [redirectUri],
        grant_types: ["authorization_code"],
      },
    ],
    claims: { openid: ["sub"], email: ["email"] },
    conformIdTokenClaims: false,
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, email: "ta@elsewhere.example" }),
    }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    cookies: { keys: ["of the tests"] },
  });
}

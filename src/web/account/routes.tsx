// One's own account: who one is here, and the tokens of programs that act as one.
import type { Context, Hono } from "hono";
import { fail } from "../../accounts/errors.ts";
import { oneLine } from "../../accounts/people.ts";
import { type Scope, scope, scopes } from "../../accounts/tables.ts";
import {
  issueToken,
  listTokens,
  revokeToken,
  TOKEN_DAYS_DEFAULT,
  type TokenRecord,
} from "../../accounts/tokens.ts";
import type { Viewer } from "../../accounts/viewer.ts";
import { type Way, waysOf } from "../../accounts/ways.ts";
import { isUuid } from "../../courses/courses.ts";
import type { AppEnv } from "../../http/services.ts";
import { viewerOf } from "../../http/viewer.ts";
import { Page } from "../components/page.tsx";
import { Alert, Card, Empty, Fact, Facts, Field } from "../components/parts.tsx";
import { type PageContext, pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { moment } from "../format.ts";
import { WaysCard } from "./ways.tsx";

const tokenName = oneLine(100);

export function addAccount(web: Hono<AppEnv>): void {
  web.get("/account", async (c) => {
    const viewer = sessionOnly(c);
    const tokens = await listTokens(c.var.services.db, viewer);
    return c.html(
      <AccountPage at={pageContext(c)} viewer={viewer} tokens={tokens} {...(await waysFor(c))} />,
    );
  });
  web.post("/account/tokens", async (c) => {
    const viewer = sessionOnly(c);
    const { db } = c.var.services;
    const form = await c.req.parseBody({ all: true });
    const wanted = [form.scope ?? []].flat().flatMap((word) => scope.safeParse(word).data ?? []);
    const name = tokenName.catch("token").parse(form.name);
    const given: Scope[] = wanted.length > 0 ? wanted : ["read"];
    const { token } = await issueToken(db, viewer.id, { name, scopes: given, days: TOKEN_DAYS_DEFAULT });
    const tokens = await listTokens(db, viewer);
    return c.html(
      <AccountPage
        at={pageContext(c)}
        viewer={viewer}
        tokens={tokens}
        made={token}
        {...(await waysFor(c))}
      />,
    );
  });
  web.post("/account/tokens/:token/revoke", async (c) => {
    const viewer = sessionOnly(c);
    const id = c.req.param("token");
    if (!isUuid(id)) throw fail("not_found");
    await revokeToken(c.var.services.db, viewer, id);
    setFlash(c, "account.tokens.revoked");
    return c.redirect("/account", 303);
  });
}

/** A token makes no tokens: one that was stolen cannot make itself last. */
function sessionOnly(c: Context<AppEnv>): Viewer {
  const viewer = viewerOf(c);
  if (viewer.via !== "session") throw fail("session_needed");
  return viewer;
}

async function waysFor(c: Context<AppEnv>) {
  const { db, oidc } = c.var.services;
  return { ways: await waysOf(db, viewerOf(c).id), provider: oidc?.name ?? null };
}

interface Props {
  at: PageContext;
  ways: Way[];
  /** The installation's provider, by name. */
  provider: string | null;
  viewer: Viewer;
  tokens: TokenRecord[];
  /** A token just made: shown this once. */
  made?: string;
}

function AccountPage({ at, viewer, tokens, made, ways, provider }: Props) {
  const { t } = at;
  return (
    <Page at={at} title={t("account.title")} trail={[[t("nav.courses"), "/"]]}>
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-3">
        <Card title={t("account.person")} id="person">
          <Facts>
            <Fact name={t("account.name")}>{viewer.name}</Fact>
            <Fact name={t("account.email")}>{viewer.email}</Fact>
          </Facts>
        </Card>
        <WaysCard at={at} ways={ways} provider={provider} />
        <Card title={t("privacy.mine")} id="data">
          <p class="mb-4">{t("privacy.mine.help")}</p>
          <a class="btn btn-sm" href="/account/export" download>
            {t("privacy.export")}
          </a>
        </Card>
        <Card title={t("account.tokens")} id="tokens" class="lg:col-span-2">
          <p class="mb-4">{t("account.tokens.help")}</p>
          {made && (
            <div class="mb-4">
              <Alert kind="success" title={t("account.tokens.once")}>
                <code>{made}</code>
              </Alert>
            </div>
          )}
          <Tokens at={at} tokens={tokens} />
          <NewToken at={at} />
        </Card>
      </div>
    </Page>
  );
}

function Tokens({ at, tokens }: { at: PageContext; tokens: TokenRecord[] }) {
  if (tokens.length === 0) return <Empty title={at.t("account.tokens.empty")} />;
  return (
    <ul class="grid gap-2">
      {tokens.map((token) => (
        <li class="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
          <span class="font-medium wrap-anywhere">{token.name}</span>
          <code class="muted">{`…${token.tail}`}</code>
          <span class="muted">
            {`${token.scopes.map((word) => at.t(`account.scope.${word}`)).join(", ")} · ${at.t("account.tokens.expires")} ${moment(token.expiresAt, "UTC", at.lang)}`}
          </span>
          <form method="post" action={`/account/tokens/${token.id}/revoke`} class="ml-auto">
            <button type="submit" class="btn btn-sm">
              {at.t("account.tokens.revoke", { name: token.name })}
            </button>
          </form>
        </li>
      ))}
    </ul>
  );
}

function NewToken({ at }: { at: PageContext }) {
  return (
    <form method="post" action="/account/tokens" class="mt-6 border-t border-base-300 pt-4">
      <h3 class="mb-3 font-semibold">{at.t("account.tokens.new")}</h3>
      <Field label={at.t("account.tokens.name")} name="name" />
      <fieldset class="mb-4 flex flex-wrap gap-4">
        <legend class="mb-1 text-sm font-medium">{at.t("account.tokens.scopes")}</legend>
        {scopes.map((word) => (
          <label class="flex items-center gap-2">
            <input
              type="checkbox"
              name="scope"
              value={word}
              checked={word !== "manage"}
              class="checkbox checkbox-sm"
            />
            {at.t(`account.scope.${word}`)}
          </label>
        ))}
      </fieldset>
      <button type="submit" class="btn">
        {at.t("account.tokens.new")}
      </button>
    </form>
  );
}

// Signing in and out, and the page behind an invitation's link.
import type { Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { PASSWORD_MIN } from "../../accounts/auth.ts";
import { fail } from "../../accounts/errors.ts";
import { acceptInvitation, emailAddress } from "../../accounts/people.ts";
import { beginSession, endSession } from "../../accounts/sign-in.ts";
import { addressOf } from "../../http/address.ts";
import type { AppEnv } from "../../http/services.ts";
import { UserError } from "../../platform/errors.ts";
import { Page } from "../components/page.tsx";
import { Alert, Field } from "../components/parts.tsx";
import { localPath, type PageContext, pageContext } from "../context.ts";
import { setFlash } from "../flash.ts";
import { addOidc } from "./oidc.tsx";

const LONGEST_PASSWORD = 1000;

export function addSignIn(web: Hono<AppEnv>): void {
  web.get("/sign-in", (c) => {
    const next = localPath(c.req.query("next"));
    if (c.var.viewer) return c.redirect(next, 303);
    return c.html(<SignInPage at={pageContext(c)} next={next} oidc={nameOf(c)} />);
  });
  web.post("/sign-in", async (c) => {
    const form = await c.req.parseBody();
    const next = localPath(form.next);
    try {
      const cookies = await begin(c, String(form.email ?? ""), String(form.password ?? ""));
      for (const cookie of cookies) c.header("Set-Cookie", cookie, { append: true });
      return c.redirect(next, 303);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const page = (
        <SignInPage
          at={pageContext(c)}
          next={next}
          oidc={nameOf(c)}
          email={String(form.email ?? "")}
          error={error}
        />
      );
      return c.html(page, error.status as ContentfulStatusCode);
    }
  });
  web.post("/sign-out", async (c) => {
    for (const cookie of await endSession(c.var.services.auth, c.req.raw.headers)) {
      c.header("Set-Cookie", cookie, { append: true });
    }
    setFlash(c, "sign-in.signed-out");
    return c.redirect("/sign-in", 303);
  });
  addOidc(web);
  web.get("/set-password", (c) => c.html(<PasswordPage at={pageContext(c)} oidc={nameOf(c)} />));
  web.post("/set-password", async (c) => {
    const form = await c.req.parseBody();
    const token = String(form.token ?? "").trim();
    try {
      const password = String(form.password ?? "").slice(0, LONGEST_PASSWORD);
      await acceptInvitation(c.var.services.auth, token.slice(0, 200), password);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const page = <PasswordPage at={pageContext(c)} oidc={nameOf(c)} token={token} error={error} />;
      return c.html(page, error.status as ContentfulStatusCode);
    }
    setFlash(c, "password.done");
    return c.redirect("/sign-in", 303);
  });
}

/** What the button of the installation's provider says; null where there is none. */
const nameOf = (c: Context<AppEnv>) => c.var.services.oidc?.name ?? null;

async function begin(c: Context<AppEnv>, typed: string, password: string): Promise<string[]> {
  const { db, auth } = c.var.services;
  const email = emailAddress.safeParse(typed);
  if (!email.success || password === "" || password.length > LONGEST_PASSWORD) throw fail("bad_sign_in");
  const origin = { address: addressOf(c), userAgent: c.req.header("user-agent") ?? "" };
  return (await beginSession(db, auth, { email: email.data, password }, origin)).cookies;
}

function SignInPage(props: {
  at: PageContext;
  next: string;
  oidc: string | null;
  email?: string;
  error?: UserError;
}) {
  const { at, next, error, oidc } = props;
  return (
    <Page at={at} title={at.t("sign-in.title")} lead={at.t("sign-in.intro")}>
      <form method="post" action="/sign-in" class="card-box max-w-md">
        {error && <Problem at={at} error={error} />}
        <input type="hidden" name="next" value={next} />
        <Field
          label={at.t("sign-in.email")}
          name="email"
          type="email"
          autocomplete="username"
          value={props.email ?? ""}
        />
        <Field
          label={at.t("sign-in.password")}
          name="password"
          type="password"
          autocomplete="current-password"
        />
        <button type="submit" class="btn btn-primary w-full">
          {at.t("sign-in.submit")}
        </button>
        {oidc !== null && (
          <a class="btn mt-3 w-full" href={`/sign-in/oidc?next=${encodeURIComponent(next)}`}>
            {at.t("ways.sign-in", { name: oidc })}
          </a>
        )}
        <p class="muted mt-4 text-sm">{at.t("sign-in.help")}</p>
      </form>
    </Page>
  );
}

function PasswordPage(props: { at: PageContext; oidc: string | null; token?: string; error?: UserError }) {
  const { at, oidc, token, error } = props;
  return (
    <Page at={at} title={at.t("password.title")}>
      <form method="post" action="/set-password" class="card-box max-w-md" data-set-password>
        {error && <Problem at={at} error={error} />}
        {/* A script fills it in from the address, whose # part no server sees, and hides it. */}
        <div data-link-part>
          <Field label={at.t("password.link")} name="token" value={token ?? ""} />
        </div>
        <Field
          label={at.t("password.new")}
          name="password"
          type="password"
          autocomplete="new-password"
          minlength={PASSWORD_MIN}
          help={at.t("password.rule", { min: PASSWORD_MIN })}
        />
        <button type="submit" class="btn btn-primary w-full">
          {at.t("password.submit")}
        </button>
        {oidc !== null && (
          <button type="submit" formaction="/set-password/oidc" formnovalidate class="btn mt-3 w-full">
            {at.t("ways.instead", { name: oidc })}
          </button>
        )}
      </form>
    </Page>
  );
}

function Problem({ at, error }: { at: PageContext; error: UserError }) {
  return (
    <div class="mb-4">
      <Alert kind="error" title={at.t("error.problem")}>
        {error.sentence(at.lang)}
      </Alert>
    </div>
  );
}

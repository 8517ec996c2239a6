import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import type { PageContext } from "../context.ts";
import { BellIcon, PersonIcon, ThemeIcon } from "./icons.tsx";
import { Alert } from "./parts.tsx";

interface Props {
  at: PageContext;
  title: string;
  /** Under the title: one line of what matters. */
  lead?: Child;
  trail?: [string, string][];
  wide?: boolean;
  /** More for the head: a style sheet that only this page needs. */
  head?: Child;
  children: Child;
}

/** What htmx may do: only our own server, no history of its own, nothing evaluated (the content policy says so too). */
const htmxConfig = JSON.stringify({
  mode: "same-origin",
  history: false,
  includeIndicatorCSS: false,
  // What a reader opened stays open when a report grows.
  morphIgnore: ["data-htmx-powered", "open"],
  noSwap: [204, 304, 401, 403, 404, 429, 500, 503],
});

/** The frame of every page: skip link, navigation, one main landmark, what was just done. */
export function Page(props: Props) {
  const { at, title } = props;
  return (
    <>
      {raw("<!doctype html>")}
      <html lang={at.lang === "zh" ? "zh-CN" : "en"} data-theme={at.theme ? `assay-${at.theme}` : undefined}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content={at.theme ?? "light dark"} />
          <meta name="htmx-config" content={htmxConfig} />
          <title>{`${title} · ${at.t("app.name")}`}</title>
          <link rel="icon" href={ICON} />
          {at.assets.styles.map((href) => (
            <link rel="stylesheet" href={href} />
          ))}
          {props.head}
          <script type="module" src={at.assets.script} nonce={at.nonce} />
        </head>
        <body class="flex min-h-dvh flex-col bg-base-200 text-base-content">
          <a
            href="#main"
            class="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-base-100 focus:p-3"
          >
            {at.t("app.skip")}
          </a>
          <Header at={at} />
          <main
            id="main"
            tabindex={-1}
            class={`mx-auto w-full grow px-4 py-6 ${props.wide ? "max-w-7xl" : "max-w-5xl"}`}
          >
            {at.flash && (
              <div class="mb-4">
                <Alert kind={at.flash.kind}>{at.t(at.flash.key)}</Alert>
              </div>
            )}
            {props.trail && <Trail at={at} steps={props.trail} />}
            <h1 class="text-2xl font-semibold text-balance wrap-anywhere">{title}</h1>
            {props.lead && <div class="muted mt-1">{props.lead}</div>}
            <div class="mt-6">{props.children}</div>
          </main>
        </body>
      </html>
    </>
  );
}

/** A balance's pan and a tick: assaying is testing what something is made of. */
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b5a6b"/><path d="M4 8.5 7 11.5l5-7" fill="none" stroke="#fff" stroke-width="2"/></svg>',
)}`;

function Header({ at }: { at: PageContext }) {
  return (
    <header class="border-b border-base-300 bg-base-100">
      <nav class="mx-auto flex h-14 max-w-7xl items-center gap-1 px-4" aria-label={at.t("nav.main")}>
        <a href="/" class="mr-auto flex items-center gap-2 text-lg font-semibold tracking-tight">
          <Mark />
          {at.t("app.name")}
        </a>
        <Switches at={at} />
        {at.viewer && <Bell at={at} />}
        {at.viewer && <PersonMenu at={at} viewer={at.viewer} />}
      </nav>
    </header>
  );
}

const Mark = () => (
  <svg viewBox="0 0 16 16" width="22" height="22" aria-hidden="true">
    <rect width="16" height="16" rx="3" class="fill-primary" />
    <path d="M4 8.5 7 11.5l5-7" fill="none" stroke-width="2" class="stroke-primary-content" />
  </svg>
);

function Switches({ at }: { at: PageContext }) {
  const other = at.lang === "zh" ? "en" : "zh";
  const themes = [null, "light", "dark"] as const;
  return (
    <>
      <form method="post" action="/preferences">
        <input type="hidden" name="back" value={at.path} />
        <button
          type="submit"
          name="language"
          value={other}
          class="btn btn-ghost btn-sm"
          lang={other === "zh" ? "zh-CN" : "en"}
          title={at.t("nav.switch-language")}
        >
          {at.t("nav.language")}
        </button>
      </form>
      <details class="dropdown dropdown-end" data-menu>
        <summary
          class="btn btn-ghost btn-sm btn-square"
          aria-label={at.t("nav.theme")}
          title={at.t("nav.theme")}
        >
          <ThemeIcon />
        </summary>
        <form method="post" action="/preferences" class="menu-box">
          <input type="hidden" name="back" value={at.path} />
          {themes.map((theme) => (
            <button
              type="submit"
              name="theme"
              value={theme ?? "system"}
              aria-pressed={at.theme === theme ? "true" : "false"}
              class="menu-item"
            >
              {at.t(`theme.${theme ?? "system"}`)}
            </button>
          ))}
        </form>
      </details>
    </>
  );
}

/** To one's notifications; a count stands beside the bell, never a colour alone. */
function Bell({ at }: { at: PageContext }) {
  const label =
    at.unread > 0 ? at.t("notifications.unread", { count: at.unread }) : at.t("notifications.title");
  return (
    <a href="/notifications" class="btn btn-ghost btn-sm px-2" aria-label={label} title={label}>
      <BellIcon />
      {at.unread > 0 && <span class="font-semibold tabular-nums">{at.unread > 99 ? "99+" : at.unread}</span>}
    </a>
  );
}

function PersonMenu({ at, viewer }: { at: PageContext; viewer: { name: string; admin: boolean } }) {
  return (
    <details class="dropdown dropdown-end" data-menu>
      <summary class="btn btn-ghost btn-sm" aria-label={`${at.t("nav.account")}: ${viewer.name}`}>
        <PersonIcon />
        <span class="hidden max-w-40 truncate sm:inline">{viewer.name}</span>
      </summary>
      <div class="menu-box">
        <p class="muted px-3 py-1 text-sm wrap-anywhere">{viewer.name}</p>
        <a href="/" class="menu-item">
          {at.t("nav.courses")}
        </a>
        <a href="/account" class="menu-item">
          {at.t("nav.account")}
        </a>
        {viewer.admin && (
          <a href="/admin" class="menu-item">
            {at.t("nav.admin")}
          </a>
        )}
        <form method="post" action="/sign-out">
          <button type="submit" class="menu-item">
            {at.t("nav.sign-out")}
          </button>
        </form>
      </div>
    </details>
  );
}

function Trail({ at, steps }: { at: PageContext; steps: [string, string][] }) {
  return (
    <nav aria-label={at.t("nav.breadcrumb")} class="muted mb-1 text-sm">
      <ol class="flex flex-wrap gap-x-2">
        {steps.map(([text, href]) => (
          <li class="after:ml-2 after:content-['/'] last:after:content-none">
            <a href={href} class="link link-hover">
              {text}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

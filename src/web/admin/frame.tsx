import type { Child } from "hono/jsx";
import { Page } from "../components/page.tsx";
import type { PageContext } from "../context.ts";
import type { MessageKey } from "../messages/translate.ts";

const parts = [
  ["overview", "/admin", "admin.overview"],
  ["people", "/admin/people", "admin.people"],
  ["plan", "/admin/plan", "plan.open"],
  ["audit", "/admin/audit", "nav.audit"],
] as const satisfies [string, string, MessageKey][];
export type AdminPart = (typeof parts)[number][0];

interface Props {
  at: PageContext;
  here: AdminPart;
  children: Child;
}

/** The frame of every page of the administration. */
export function AdminFrame({ at, here, children }: Props) {
  return (
    <Page at={at} title={at.t("nav.admin")} wide trail={[[at.t("nav.courses"), "/"]]}>
      <nav aria-label={at.t("admin.nav")} class="mb-6 border-b border-base-300">
        <ul class="-mb-px flex flex-wrap gap-x-6">
          {parts.map(([part, href, label]) => (
            <li>
              <a
                href={href}
                aria-current={part === here ? "page" : undefined}
                class={`inline-block border-b-2 py-2 text-sm ${
                  part === here
                    ? "border-primary font-semibold text-primary"
                    : "border-transparent hover:border-base-content/30"
                }`}
              >
                {at.t(label)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {children}
    </Page>
  );
}

// Other ways to sign in than the password: those connected, and one more.
import type { Way } from "../../accounts/ways.ts";
import { Card, Empty } from "../components/parts.tsx";
import type { PageContext } from "../context.ts";
import { moment } from "../format.ts";

export function WaysCard({ at, ways, provider }: { at: PageContext; ways: Way[]; provider: string | null }) {
  const { t } = at;
  if (ways.length === 0 && provider === null) return null;
  return (
    <Card title={t("ways.title")} id="ways">
      <p class="mb-4">{t("ways.help")}</p>
      {ways.length === 0 ? (
        <Empty title={t("ways.empty")} />
      ) : (
        <ul class="grid gap-2">
          {ways.map((way) => (
            <li class="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
              <span class="font-medium wrap-anywhere">{way.issuer}</span>
              <span class="muted">{moment(way.since, "UTC", at.lang)}</span>
              <form method="post" action={`/account/ways/${way.id}/disconnect`} class="ml-auto">
                <button type="submit" class="btn btn-sm">
                  {t("ways.disconnect", { name: way.issuer })}
                </button>
              </form>
            </li>
          ))}
        </ul>
      )}
      {provider !== null && (
        <form method="post" action="/account/ways" class="mt-4">
          <button type="submit" class="btn btn-sm">
            {t("ways.connect", { name: provider })}
          </button>
        </form>
      )}
    </Card>
  );
}

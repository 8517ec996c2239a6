import { type NotificationKind, notificationKinds, sentenceOf } from "../../notifications/kinds.ts";
import { NOTIFICATIONS_PAGE } from "../../notifications/notifications.ts";
import type { Notification } from "../../notifications/tables.ts";
import { Page } from "../components/page.tsx";
import { Card, Empty, Tag } from "../components/parts.tsx";
import type { PageContext } from "../context.ts";
import { relative } from "../format.ts";

interface Props {
  at: PageContext;
  rows: Notification[];
  mailed: Record<NotificationKind, boolean>;
  email: string;
  now: Date;
}

export function NotificationsPage(props: Props) {
  const { at, rows } = props;
  const last = rows.length === NOTIFICATIONS_PAGE ? rows.at(-1) : undefined;
  return (
    <Page at={at} title={at.t("notifications.title")} trail={[[at.t("nav.courses"), "/"]]}>
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div class="grid gap-3">
          {rows.length === 0 && (
            <Empty title={at.t("notifications.empty")}>{at.t("notifications.empty-help")}</Empty>
          )}
          {rows.some(({ readAt }) => readAt === null) && (
            <form method="post" action="/notifications">
              <button type="submit" class="btn btn-sm">
                {at.t("notifications.read-all")}
              </button>
            </form>
          )}
          <ul class="grid gap-2">
            {rows.map((row) => (
              <li>
                <Line {...props} row={row} />
              </li>
            ))}
          </ul>
          {last && (
            <a href={`/notifications?before=${last.id}`} class="btn btn-sm justify-self-start">
              {at.t("notifications.older")}
            </a>
          )}
        </div>
        <MailCard {...props} />
      </div>
    </Page>
  );
}

function Line({ at, row, now }: Props & { row: Notification }) {
  const fresh = row.readAt === null;
  return (
    <form method="post" action={`/notifications/${row.id}`}>
      <button
        type="submit"
        class="card-box flex w-full cursor-pointer flex-wrap items-baseline gap-x-3 text-left hover:border-primary"
      >
        <span class={`grow basis-60 wrap-anywhere ${fresh ? "font-semibold" : ""}`}>
          {sentenceOf(row.kind, row.about, at.lang)}
        </span>
        {fresh && <Tag strong>{at.t("notifications.new")}</Tag>}
        <span class="muted text-sm">{relative(row.createdAt, now, at.lang)}</span>
      </button>
    </form>
  );
}

function MailCard({ at, mailed, email }: Props) {
  return (
    <Card title={at.t("notifications.mail")} id="mail">
      <form method="post" action="/account/mail" class="grid gap-2 text-sm">
        {notificationKinds.map((kind) => (
          <label class="flex items-center gap-2">
            <input
              type="checkbox"
              name={kind}
              value="yes"
              checked={mailed[kind]}
              class="checkbox checkbox-sm"
            />
            {at.t(`notifications.kind.${kind}`)}
          </label>
        ))}
        <p class="muted">{at.t("notifications.mail.help", { email })}</p>
        <button type="submit" class="btn btn-sm justify-self-start">
          {at.t("notifications.mail.save")}
        </button>
      </form>
    </Card>
  );
}

import { Card } from "../components/parts.tsx";
import type { PageContext } from "../context.ts";
import type { ReviewView } from "./load.ts";

interface Props {
  at: PageContext;
  view: ReviewView;
}

/** Sentences to use again. The script puts one where the reader last wrote; without it they are there to copy. */
export function BankCard({ at, view }: Props) {
  const { t } = at;
  const address = `/submissions/${view.access.submission.id}/review/bank`;
  return (
    <Card title={t("bank.title")} id="bank">
      {view.bank.length === 0 && <p class="muted mb-3 text-sm">{t("bank.empty")}</p>}
      <ul class="mb-3 grid gap-2 text-sm">
        {view.bank.map((saved) => (
          <li class="flex flex-wrap items-baseline gap-2">
            <span class="grow basis-40 whitespace-pre-line wrap-anywhere">{saved.text}</span>
            <button type="button" class="btn btn-sm scripted" data-insert={saved.text}>
              {t("bank.use")}
              <span class="sr-only">{`: ${saved.text.slice(0, 60)}`}</span>
            </button>
            {saved.savedBy === view.viewerId && (
              <form method="post" action={`${address}/${saved.id}/forget`}>
                <button type="submit" class="btn btn-ghost btn-sm">
                  {t("bank.forget")}
                  <span class="sr-only">{`: ${saved.text.slice(0, 60)}`}</span>
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
      <form method="post" action={address} class="grid gap-2 text-sm">
        <input type="hidden" name="path" value={view.file?.path ?? ""} />
        <label>
          {t("bank.new")}
          <textarea name="text" rows={2} required class="textarea mt-1 w-full" />
        </label>
        <label class="flex items-center gap-2">
          <input type="checkbox" name="shared" value="yes" />
          {t("bank.shared")}
        </label>
        <button type="submit" class="btn btn-sm justify-self-start">
          {t("bank.save")}
        </button>
      </form>
    </Card>
  );
}

import type { AssignmentAccess } from "../../assignments/assignments.ts";
import type { KnownMistake, Mistakes, UnknownGroup } from "../../insight/mistakes.ts";
import { Page } from "../components/page.tsx";
import { Alert, Card, Empty } from "../components/parts.tsx";
import { submissionsTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { labelled, listed } from "../format.ts";

interface Props {
  at: PageContext;
  access: AssignmentAccess;
  mistakes: Mistakes;
}

export function MistakesPage({ at, access, mistakes }: Props) {
  const { graded, students, looking, known, unknown } = mistakes;
  const base = `/assignments/${access.course.slug}.${access.assignment.slug}/mistakes`;
  return (
    <Page
      at={at}
      title={labelled(at.t("mistakes.title"), access.assignment.title[at.lang], at.lang)}
      wide
      lead={at.t("mistakes.lead", { graded, students })}
      trail={submissionsTrail(at, access)}
    >
      {looking > 0 && <Alert kind="info">{at.t("mistakes.looking", { count: looking })}</Alert>}
      {graded === 0 ? (
        <Empty title={at.t("mistakes.empty")}>{at.t("mistakes.empty-help")}</Empty>
      ) : (
        <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
          <Card title={at.t("mistakes.known")} id="known">
            {known.length === 0 ? (
              <p>{at.t(looking > 0 ? "mistakes.looking.none" : "mistakes.known.none")}</p>
            ) : (
              <Known at={at} base={base} known={known} />
            )}
          </Card>
          <Card title={at.t("mistakes.unknown")} id="unknown">
            {unknown.length === 0 ? (
              <p>{at.t(looking > 0 ? "mistakes.looking.none" : "mistakes.unknown.none")}</p>
            ) : (
              <>
                <p class="muted mb-3 text-sm">{at.t("mistakes.unknown.lead")}</p>
                <ol class="grid gap-3">
                  {unknown.map((group) => (
                    <Unknown at={at} base={base} group={group} />
                  ))}
                </ol>
              </>
            )}
          </Card>
        </div>
      )}
    </Page>
  );
}

function Known({ at, base, known }: { at: PageContext; base: string; known: KnownMistake[] }) {
  const head = "pb-1 font-semibold";
  return (
    <section class="overflow-x-auto" tabindex={0} aria-label={at.t("mistakes.known")}>
      <table class="w-full text-sm">
        <caption class="sr-only">{at.t("mistakes.known")}</caption>
        <thead>
          <tr class="text-left align-bottom">
            <th scope="col" class={head}>
              {at.t("mistakes.mistake")}
            </th>
            <th scope="col" class={`${head} pl-4 text-right`}>
              {at.t("mistakes.latest")}
            </th>
            <th scope="col" class={`${head} pl-4 text-right`}>
              {at.t("mistakes.counted")}
            </th>
          </tr>
        </thead>
        <tbody>
          {known.map(({ key, mutant, title, hint, latest, counted, submissions }) => (
            <tr class="border-t border-base-300 align-top">
              <th scope="row" class="py-2 pr-4 text-left font-normal">
                <span class="font-medium">{title[at.lang]}</span>
                <span class="muted block">{hint[at.lang]}</span>
                <span class="muted block text-xs wrap-anywhere">{mutant}</span>
                <Looks at={at} address={`${base}/${key}`} submissions={submissions} what={title[at.lang]} />
              </th>
              <td class="py-2 pl-4 text-right tabular-nums">{latest}</td>
              <td class="py-2 pl-4 text-right tabular-nums">{counted}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Unknown({ at, base, group }: { at: PageContext; base: string; group: UnknownGroup }) {
  const { key, tests, kind, students, message, submissions } = group;
  return (
    <li class="rounded-box border border-base-300 px-4 py-3 text-sm">
      <p class="font-medium">{`${at.t("mistakes.students", { count: students })} · ${kindWords(at, kind)}`}</p>
      {message && <p class="muted wrap-anywhere">{message[at.lang].split("\n")[0]?.slice(0, 300)}</p>}
      <p class="mt-1">
        {labelled(
          at.t("mistakes.tests"),
          listed(
            tests.map(({ title }) => title[at.lang]),
            at.lang,
          ),
          at.lang,
        )}
      </p>
      <Looks
        at={at}
        address={`${base}/${key}`}
        submissions={submissions}
        what={`${kindWords(at, kind)}, ${tests[0]!.title[at.lang]}`}
      />
    </li>
  );
}

/** Representatives: the report, and the file beside the reference. */
function Looks(props: { at: PageContext; address: string; submissions: string[]; what: string }) {
  const { at, address, submissions, what } = props;
  const [first] = submissions;
  return (
    <span class="mt-1 flex flex-wrap gap-x-3 text-sm">
      <a class="link" href={address} aria-label={`${at.t("group.open")}: ${what}`}>
        {at.t("group.open")}
      </a>
      {first && (
        <a
          class="link"
          href={`/submissions/${first}/beside`}
          aria-label={`${at.t("mistakes.side")}: ${what}`}
        >
          {at.t("mistakes.side")}
        </a>
      )}
      {submissions.map((id, place) => (
        <a
          class="link"
          href={`/submissions/${id}`}
          aria-label={`${at.t("mistakes.look")} ${place + 1}: ${what}`}
        >
          {`${at.t("mistakes.look")} ${place + 1}`}
        </a>
      ))}
    </span>
  );
}

export function kindWords(at: PageContext, kind: string): string {
  if (kind === "value" || kind === "shape" || kind === "said") return at.t(`mistakes.kind.${kind}`);
  if (kind.startsWith("raised:")) return at.t("mistakes.kind.raised", { kind: kind.slice("raised:".length) });
  return at.t("mistakes.kind.other", { kind });
}

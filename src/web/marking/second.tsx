// The second marker's page: the work and the rubric, and nothing of what the first person gave or wrote.

import type { Viewer } from "../../accounts/viewer.ts";
import type { Services } from "../../http/services.ts";
import { mySecondMarks } from "../../review/second-marks.ts";
import type { SecondMark } from "../../review/tables.ts";
import { codeOf } from "../../submissions/blind.ts";
import { Page } from "../components/page.tsx";
import { Card } from "../components/parts.tsx";
import { assignmentTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { labelled, points } from "../format.ts";
import { CodeCard } from "../review/code.tsx";
import { loadWork, type Work } from "../review/load.ts";

interface SecondView extends Work {
  mine: SecondMark[];
}

/** @throws not_found, own_work, second_is_first */
export async function loadSecond(
  services: Services,
  viewer: Viewer,
  id: string,
  path: string | undefined,
): Promise<SecondView> {
  const work = await loadWork(services, viewer, id, path);
  return { ...work, mine: await mySecondMarks(services.db, viewer, work.access) };
}

export function SecondPage({ at, view }: { at: PageContext; view: SecondView }) {
  const { course, assignment, submission, rubric } = view.access;
  const ref = `/assignments/${course.slug}.${assignment.slug}`;
  const address = `/submissions/${submission.id}/second`;
  const given = new Map(view.mine.map((mark) => [mark.item, mark.points]));
  return (
    <Page
      at={at}
      title={labelled(at.t("second.title"), codeOf(submission.id), at.lang)}
      lead={at.t("second.lead")}
      wide
      trail={[...assignmentTrail(at, { course, assignment }), [at.t("marking.title"), `${ref}/marking`]]}
    >
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <CodeCard at={at} view={view} address={address} comments={null} />
        <Card title={at.t("review.rubric")} id="rubric">
          <form method="post" action={address} class="grid gap-3 text-sm">
            {rubric.map((item, index) => (
              <label>
                <span class="font-medium">{item.title[at.lang]}</span>{" "}
                <span class="muted">{at.t("review.points-of", { max: item.points })}</span>
                <input
                  name={`item:${item.id}`}
                  inputmode="decimal"
                  required
                  autocomplete="off"
                  value={given.has(item.id) ? points(given.get(item.id)!) : ""}
                  data-key={index < 9 ? String(index + 1) : undefined}
                  class="input mt-1 w-full"
                />
              </label>
            ))}
            <button type="submit" class="btn btn-primary btn-sm justify-self-start">
              {at.t("second.save")}
            </button>
          </form>
        </Card>
      </div>
    </Page>
  );
}

import type { AssignmentAccess } from "../../assignments/assignments.ts";
import type { PairRow } from "../../similarity/similarity.ts";
import { Page } from "../components/page.tsx";
import { Empty } from "../components/parts.tsx";
import { submissionsTrail } from "../components/trail.ts";
import type { PageContext } from "../context.ts";
import { labelled } from "../format.ts";
import type { Lines } from "../source/highlight.ts";
import { sourceAddress } from "../submission/aside.tsx";
import { percent, similarityAddress } from "./page.tsx";

interface Props {
  at: PageContext;
  access: AssignmentAccess;
  pair: PairRow;
  left: Lines | null;
  right: Lines | null;
}

type SideName = "left" | "right";

export function PairPage(props: Props) {
  const { at, access, pair } = props;
  const address = similarityAddress(access);
  return (
    <Page
      at={at}
      title={at.t("similarity.pair", { left: pair.leftName, right: pair.rightName })}
      wide
      lead={labelled(at.t("similarity.share"), percent(pair.similarity), at.lang)}
      trail={[...submissionsTrail(at, access), [at.t("similarity.title"), address]]}
    >
      <Places {...props} />
      <div class="grid grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-2">
        <Side {...props} side="left" />
        <Side {...props} side="right" />
      </div>
    </Page>
  );
}

/** Links to each place, so that a keyboard goes from one to the next. */
function Places({ at, pair }: Props) {
  return (
    <nav class="mb-4 text-sm" aria-label={at.t("similarity.matches", { count: pair.fragments.length })}>
      <p class="muted mb-1">{at.t("similarity.matches", { count: pair.fragments.length })}</p>
      <ol class="flex flex-wrap gap-x-4 gap-y-1">
        {pair.fragments.slice(0, 40).map(([leftFrom, leftTo, rightFrom, rightTo], place) => (
          <li>
            <a href={`#left-${leftFrom + 1}`} class="link">
              {at.t("similarity.match", { number: place + 1 })}
            </a>{" "}
            <span class="muted">
              {at.t("similarity.lines", { from: leftFrom + 1, to: leftTo + 1 })}
              {" · "}
              <a href={`#right-${rightFrom + 1}`} class="link link-hover">
                {at.t("similarity.lines", { from: rightFrom + 1, to: rightTo + 1 })}
              </a>
            </span>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Side(props: Props & { side: SideName }) {
  const { at, pair, side } = props;
  const lines = props[side];
  const left = side === "left";
  const [id, path] = left ? [pair.left, pair.leftPath] : [pair.right, pair.rightPath];
  const name = left ? pair.leftName : pair.rightName;
  const number = left ? pair.leftNumber : pair.rightNumber;
  const places = placesOf(pair, side);
  return (
    <section aria-labelledby={`${side}-title`} class="min-w-0">
      <h2 id={`${side}-title`} class="mb-2 text-lg font-semibold wrap-anywhere">
        <a href={`/submissions/${id}`} class="link link-hover">
          {at.t("similarity.of", { name, number })}
        </a>{" "}
        <a href={sourceAddress(id, path)} class="link link-hover muted text-sm font-normal">
          {path}
        </a>
      </h2>
      {lines === null ? (
        <Empty title={at.t("similarity.gone")} />
      ) : (
        <section
          class="code-view max-h-[75vh] overflow-y-auto"
          tabindex={0}
          aria-label={at.t("source.code", { path: `${name}: ${path}` })}
        >
          <pre>
            <code>
              {lines.map((line, row) => (
                <span
                  class={
                    places.has(row) ? `code-line code-match code-match-${places.get(row)! % 4}` : "code-line"
                  }
                  id={`${side}-${row + 1}`}
                  data-line={row + 1}
                  data-place={places.has(row) ? places.get(row)! + 1 : undefined}
                >
                  {line.map(([text, kind]) =>
                    kind === "" ? text : <span class={`tok-${kind}`}>{text}</span>,
                  )}
                  {"\n"}
                </span>
              ))}
            </code>
          </pre>
        </section>
      )}
    </section>
  );
}

/** For each row the place that it belongs to; where places overlap, the first. */
function placesOf({ fragments }: PairRow, side: SideName): Map<number, number> {
  const places = new Map<number, number>();
  for (const [place, [leftFrom, leftTo, rightFrom, rightTo]] of fragments.entries()) {
    const [from, to] = side === "left" ? [leftFrom, leftTo] : [rightFrom, rightTo];
    for (let row = from; row <= to; row++) if (!places.has(row)) places.set(row, place);
  }
  return places;
}

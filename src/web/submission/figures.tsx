// Pictures of a test: where an array differs, plots from numbers, images that the harness encoded.
import { z } from "zod";
import type { Artifact } from "../../judge/report.ts";
import { wordsRecord } from "../../judge/words.ts";
import type { PageContext } from "../context.ts";
import { drawPlot, PLOT_HEIGHT, PLOT_WIDTH, type Plot } from "./plot.ts";

const mismatchShape = z.object({
  name: wordsRecord,
  shape: z.array(z.number()),
  index: z.array(z.number()),
  got: z.union([z.number(), z.string(), z.boolean()]),
  expected: z.union([z.number(), z.string(), z.boolean()]),
  wrong: z.number(),
  total: z.number(),
  picture: z
    .object({
      rows: z.int().min(1).max(64),
      columns: z.int().min(1).max(64),
      cells: z.array(z.array(z.number()).max(64)).max(64),
    })
    .optional(),
});
type MismatchData = z.infer<typeof mismatchShape>;

/** The first mismatch, from `extra.mismatch`; nothing where the suite gave none. */
export function Mismatch({ at, data }: { at: PageContext; data: unknown }) {
  const read = mismatchShape.safeParse(data);
  if (!read.success) return null;
  const { data: found } = read;
  const { t } = at;
  return (
    <figure class="mt-3">
      <figcaption class="font-medium">
        {t("mismatch.title", { name: found.name[at.lang] })}
        {found.index.length > 0 && (
          <span class="muted font-normal">{` · ${t("mismatch.at", { index: found.index.join(", ") })}`}</span>
        )}
      </figcaption>
      <div class="mt-2 flex flex-wrap items-start gap-4">
        {found.picture && <ArrayPicture at={at} picture={found.picture} />}
        <dl class="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
          <dt class="muted">{t("mismatch.got")}</dt>
          <dd class="font-mono text-error">{shortNumber(found.got)}</dd>
          <dt class="muted">{t("mismatch.expected")}</dt>
          <dd class="font-mono text-success">{shortNumber(found.expected)}</dd>
          <dd class="muted col-span-2">
            {t("mismatch.count", { wrong: found.wrong, total: found.total, shape: found.shape.join(", ") })}
          </dd>
        </dl>
      </div>
    </figure>
  );
}

const shortNumber = (value: number | string | boolean) =>
  typeof value === "number" && !Number.isInteger(value)
    ? String(Number(value.toPrecision(8)))
    : String(value);

const CELL = 12;

function ArrayPicture({ at, picture }: { at: PageContext; picture: NonNullable<MismatchData["picture"]> }) {
  const { rows, columns, cells } = picture;
  const [row, column] = firstCell(picture);
  return (
    <svg
      viewBox={`-1 -1 ${columns * CELL + 2} ${rows * CELL + 2}`}
      width={Math.min(320, columns * CELL + 2)}
      role="img"
      aria-label={at.t("mismatch.picture")}
      class="max-w-full rounded-field border border-base-300 bg-base-100"
    >
      {cells
        .slice(0, rows)
        .map((line, r) =>
          line
            .slice(0, columns)
            .map((share, c) => (
              <rect
                x={c * CELL}
                y={r * CELL}
                width={CELL - 1}
                height={CELL - 1}
                class={share > 0 ? "fill-error" : "fill-base-300"}
                fill-opacity={share > 0 ? 0.35 + 0.65 * Math.min(1, share) : 1}
              />
            )),
        )}
      <rect
        x={column * CELL - 0.5}
        y={row * CELL - 0.5}
        width={CELL}
        height={CELL}
        fill="none"
        stroke-width="2"
        class="stroke-base-content"
      />
    </svg>
  );
}

/** The picture's cell in which the first mismatch lies: the first that is not all right. */
function firstCell({ cells }: NonNullable<MismatchData["picture"]>): [number, number] {
  for (const [row, line] of cells.entries()) {
    const column = line.findIndex((share) => share > 0);
    if (column >= 0) return [row, column];
  }
  return [0, 0];
}

export function Artifacts(props: {
  at: PageContext;
  submissionId: string;
  artifacts: Artifact[];
  plots: Map<string, Plot | null>;
}) {
  const { at, artifacts, plots } = props;
  if (artifacts.length === 0) return null;
  return (
    <div class="mt-3 flex flex-wrap gap-4">
      {artifacts.map((artifact) => (
        <figure class="min-w-0">
          {artifact.mediaType === "image/png" ? (
            <img
              src={`/api/v1/submissions/${props.submissionId}/artifacts/${artifact.blob}`}
              alt={artifact.caption?.[at.lang] ?? artifact.name}
              loading="lazy"
              class="max-h-64 max-w-full rounded-field border border-base-300 [image-rendering:pixelated]"
            />
          ) : (
            <PlotPicture at={at} plot={plots.get(artifact.blob) ?? null} name={artifact.name} />
          )}
          <figcaption class="muted mt-1 text-sm">{artifact.caption?.[at.lang] ?? artifact.name}</figcaption>
        </figure>
      ))}
    </div>
  );
}

/** On the right, where curves that fall leave room. */
const LEGEND = PLOT_WIDTH - 150;

/** Told apart by dashes as well as by colour. */
const strokes = [
  { colour: "stroke-primary", dash: "" },
  { colour: "stroke-accent", dash: "6 3" },
  { colour: "stroke-success", dash: "2 3" },
  { colour: "stroke-error", dash: "8 3 2 3" },
];

function PlotPicture({ at, plot, name }: { at: PageContext; plot: Plot | null; name: string }) {
  const drawing = plot && drawPlot(plot);
  if (!plot || !drawing) return <p class="muted">{at.t("test.plot-unreadable")}</p>;
  const title = plot.title?.[at.lang] ?? name;
  const dots = plot.kind === "scatter";
  return (
    <svg
      viewBox={`0 0 ${PLOT_WIDTH} ${PLOT_HEIGHT}`}
      role="img"
      aria-label={title}
      class="w-[30rem] max-w-full"
    >
      {drawing.y.ticks.map((tick) => (
        <>
          <line x1="56" x2={PLOT_WIDTH - 10} y1={tick.at} y2={tick.at} class="stroke-base-300" />
          <text x="50" y={tick.at + 4} text-anchor="end" class="fill-base-content text-[13px]">
            {tick.value}
          </text>
        </>
      ))}
      {drawing.x.ticks.map((tick) => (
        <text x={tick.at} y={PLOT_HEIGHT - 18} text-anchor="middle" class="fill-base-content text-[13px]">
          {tick.value}
        </text>
      ))}
      {plot.x_label && (
        <text
          x={(PLOT_WIDTH + 56) / 2}
          y={PLOT_HEIGHT - 4}
          text-anchor="middle"
          class="fill-base-content text-[13px]"
        >
          {plot.x_label[at.lang]}
        </text>
      )}
      {plot.series.map((_, at) => {
        const { colour, dash } = strokes[at % strokes.length]!;
        if (!dots)
          return (
            <path d={drawing.paths[at]} fill="none" stroke-width="2" stroke-dasharray={dash} class={colour} />
          );
        return drawing.dots[at]!.map(([x, y]) => <circle cx={x} cy={y} r="2.5" fill="none" class={colour} />);
      })}
      {plot.series.map(({ label }, at) => {
        const { colour, dash } = strokes[at % strokes.length]!;
        return (
          <>
            <line
              x1={LEGEND}
              x2={LEGEND + 20}
              y1={18 + at * 16}
              y2={18 + at * 16}
              stroke-width="2"
              stroke-dasharray={dash}
              class={colour}
            />
            <text x={LEGEND + 26} y={22 + at * 16} class="fill-base-content text-[13px]">
              {label}
            </text>
          </>
        );
      })}
    </svg>
  );
}

// A plot that a suite made from numbers (`attach_plot`), read back and scaled to a picture. Pure.
import { z } from "zod";
import { wordsRecord } from "../../judge/words.ts";

export const PLOT_MEDIA_TYPE = "application/vnd.assay.plot+json";
export const PLOT_WIDTH = 480;
export const PLOT_HEIGHT = 240;
const LEFT = 56;
const BOTTOM = 34;
const EDGE = 10;

const plot = z.object({
  kind: z.string(),
  series: z
    .array(
      z.object({ label: z.string(), x: z.array(z.number().nullable()), y: z.array(z.number().nullable()) }),
    )
    .max(12),
  title: wordsRecord.optional(),
  x_label: wordsRecord.optional(),
  y_label: wordsRecord.optional(),
});
export type Plot = z.infer<typeof plot>;

/** Null where it is none that we can draw. */
export function readPlot(text: string): Plot | null {
  try {
    return plot.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export interface Scale {
  /** Into the picture. */
  place(value: number): number;
  ticks: { value: number; at: number }[];
}

export interface Drawing {
  x: Scale;
  y: Scale;
  /** A path for each series; gaps where a value is missing. */
  paths: string[];
  dots: [number, number][][];
}

/** Null where no series has a point. */
export function drawPlot({ series }: Plot): Drawing | null {
  const points = series.map(({ x, y }) => x.map((value, at) => [value, y[at] ?? null] as const));
  const all = points.flat().filter((point): point is readonly [number, number] => isPoint(point));
  if (all.length === 0) return null;
  const x = scale(
    all.map(([value]) => value),
    LEFT,
    PLOT_WIDTH - EDGE,
  );
  const y = scale(
    all.map(([, value]) => value),
    PLOT_HEIGHT - BOTTOM,
    EDGE,
  );
  return {
    x,
    y,
    paths: points.map((line) => pathOf(line, x, y)),
    dots: points.map((line) =>
      line.filter(isPoint).map(([a, b]) => [x.place(a), y.place(b)] as [number, number]),
    ),
  };
}

function isPoint(point: readonly [number | null, number | null]): point is readonly [number, number] {
  return point[0] !== null && point[1] !== null;
}

function pathOf(line: (readonly [number | null, number | null])[], x: Scale, y: Scale): string {
  let pen = "M";
  return line
    .map((point) => {
      if (!isPoint(point)) {
        pen = "M";
        return "";
      }
      const step = `${pen}${round(x.place(point[0]))} ${round(y.place(point[1]))}`;
      pen = "L";
      return step;
    })
    .join("");
}

const round = (value: number) => Math.round(value * 10) / 10;
const TICKS = 4;

function scale(values: number[], from: number, to: number): Scale {
  // Not by spreading: a plot may have more points than a call takes arguments.
  let low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  let high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (low === high) [low, high] = [low - 1, high + 1];
  const place = (value: number) => from + ((value - low) / (high - low)) * (to - from);
  const step = niceStep((high - low) / TICKS);
  const ticks: Scale["ticks"] = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step) {
    ticks.push({ value: Number(value.toPrecision(12)), at: place(value) });
  }
  return { place, ticks };
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

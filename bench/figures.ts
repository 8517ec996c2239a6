// What a benchmark says: named numbers, each with how far its samples lay apart and the goal where there is one.

export interface Figure {
  name: string;
  value: number;
  /** As "<= 0.15" or ">= 1". */
  goal: string | null;
  /** First and third quartile of the samples; null where there is only one. */
  spread: [number, number] | null;
}

/** The value below which the share `p` of the samples lies, between two neighbours in proportion. */
export function quantile(samples: number[], p: number): number {
  if (samples.length === 0) return Number.NaN;
  const sorted = samples.toSorted((a, b) => a - b);
  const at = p * (sorted.length - 1);
  const low = sorted[Math.floor(at)]!;
  return low + (sorted[Math.ceil(at)]! - low) * (at - Math.floor(at));
}

export const median = (samples: number[]): number => quantile(samples, 0.5);

/** A figure from samples: their median unless another quantile is asked for. */
export function figure(name: string, samples: number[], goal: string | null = null, p = 0.5): Figure {
  const spread: Figure["spread"] =
    samples.length > 1 ? [quantile(samples, 0.25), quantile(samples, 0.75)] : null;
  return { name, value: quantile(samples, p), goal, spread };
}

export const single = (name: string, value: number, goal: string | null = null): Figure => {
  return { name, value, goal, spread: null };
};

/** Whether the goal is met; null where there is none. */
export function isMet({ value, goal }: Figure): boolean | null {
  const [, sign, limit] = /^(<=|>=) ([\d.]+)$/.exec(goal ?? "") ?? [];
  if (limit === undefined) return null;
  return sign === "<=" ? value <= Number(limit) : value >= Number(limit);
}

export function table(figures: Figure[]): string {
  const rows = figures.map((one) => {
    const met = isMet(one);
    const spread = one.spread ? one.spread.map(short).join(" – ") : "";
    return [one.name, short(one.value), spread, one.goal ?? "", met === null ? "" : met ? "met" : "NOT MET"];
  });
  const all = [["figure", "value", "quartiles", "goal", ""], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

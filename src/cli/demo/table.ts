// What the demo says: one line a submission, as a table for people or as one JSON document.

export interface DemoRow {
  suite: string;
  submission: string;
  kind: "reference" | "starter" | "mutant";
  /** Points. */
  score: number;
  max: number;
  /** Tests in which points were lost. */
  failed: string[];
  /** It failed before a device was asked for: `failed` names tests of the preflight. */
  refused: boolean;
  /** From the upload's last byte to the complete report. */
  wall_ms: number;
  /** Of a suite that asks for a device: the one that it ran on; `reduced` says that it ran on a CPU instead. */
  gpu: { name: string; id: string } | null;
  reduced: boolean;
  /** Pictures in its report. */
  gallery: number;
}

/** Why a row is not as it should be, or null: the reference whole, the starter capped, each mutant seen. */
export function complaint(row: DemoRow, starterMax: number, expected: string[] | null): string | null {
  const place = `${row.suite} ${row.submission}`;
  if (row.kind === "reference")
    return row.score === row.max && !row.refused ? null : `${place}: ${row.score} of ${row.max}`;
  if (row.kind === "starter")
    return row.score <= starterMax ? null : `${place}: ${row.score}, more than ${starterMax}`;
  // A preflight that sees a known mistake has done more than the suite asks.
  if (row.refused) return row.kind === "mutant" && row.failed.length > 0 ? null : `${place}: refused`;
  const same = expected !== null && [...expected].sort().join() === [...row.failed].sort().join();
  return same ? null : `${place}: fails ${row.failed.join(", ") || "nothing"}, not ${expected?.join(", ")}`;
}

/** The rows as a table, a block a suite. */
export function tableText(rows: DemoRow[]): string {
  const width = Math.max(10, ...rows.map((row) => row.submission.length));
  return rows
    .flatMap((row, at) => {
      const head = rows[at - 1]?.suite === row.suite ? [] : ["", row.suite];
      const score = `${row.score.toFixed(2)} / ${row.max.toFixed(2)}`.padStart(17);
      const wall = `${(row.wall_ms / 1000).toFixed(2)} s`.padStart(8);
      const why = `${row.refused ? "preflight: " : ""}${row.failed.join(", ")}${placeOf(row)}`;
      return [...head, `  ${row.submission.padEnd(width)} ${score} ${wall}  ${why}`];
    })
    .join("\n");
}

/** Where a reference of a suite for devices ran; of the others it is the same. */
function placeOf({ kind, gpu, reduced, gallery }: DemoRow): string {
  if (kind !== "reference" || !(gpu || reduced)) return "";
  return `${gpu ? `on ${gpu.id} (${gpu.name})` : "on a CPU, at reduced scale"}; pictures in its report: ${gallery}`;
}

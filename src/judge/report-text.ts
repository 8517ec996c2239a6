// A report as lines for a terminal. What a submission printed or raised is text of a stranger's: inert here.
import { inert } from "./inert.ts";
import type { Report, TestReport, Verdict } from "./report.ts";

/** Told apart by shape first, colour second. */
const signs: Record<Verdict, { sign: string; colour: number }> = {
  passed: { sign: "✓", colour: 32 },
  partial: { sign: "◐", colour: 33 },
  failed: { sign: "✗", colour: 31 },
  error: { sign: "!", colour: 31 },
  timeout: { sign: "◷", colour: 35 },
  memory: { sign: "▣", colour: 35 },
  output_limit: { sign: "≡", colour: 35 },
  killed: { sign: "†", colour: 35 },
};

/** Hundredths as points: `1250` is `12.50`. */
export const pointsText = (hundredths: number): string => (hundredths / 100).toFixed(2);

export interface TextOptions {
  colour: boolean;
  lang: "en" | "zh";
}

/** One test: a line with its verdict and points, then what it says. */
export function testLines(test: Omit<TestReport, "visibility">, options: TextOptions): string[] {
  const { sign, colour } = signs[test.verdict];
  const paint = (text: string) => (options.colour ? `\u001b[${colour}m${text}\u001b[0m` : text);
  const points = `${pointsText(test.score)}/${pointsText(test.max)}`.padStart(13);
  const head = `${paint(`${sign} ${test.verdict.padEnd(12)}`)} ${points}  ${inert(test.title[options.lang])}`;
  return [
    `${head}  ${faint(`${test.name}, ${Math.round(test.wallMs)} ms`, options)}`,
    ...indented(test.message?.[options.lang] ?? "", 8),
    ...(test.traceback ? indented(test.traceback, 20) : []),
    ...(test.stdout ? [`    ${faint("printed:", options)}`, ...indented(test.stdout, 8)] : []),
  ];
}

const faint = (text: string, { colour }: TextOptions) => (colour ? `\u001b[2m${text}\u001b[0m` : text);

function indented(text: string, most: number): string[] {
  if (text === "") return [];
  const lines = inert(text).trimEnd().split("\n");
  const shown = lines.slice(0, most).map((line) => `    ${line.slice(0, 400)}`);
  return lines.length > most ? [...shown, `    … ${lines.length - most} more lines`] : shown;
}

/** The whole of a staff report. */
export function reportText(report: Report, options: TextOptions): string {
  const { circumstances } = report;
  const flags = report.flags.map((flag) => `⚑ ${flag[options.lang]}`);
  return [
    ...report.tests.flatMap((test) => testLines(test, options)),
    ...flags,
    "",
    `${pointsText(report.score)} of ${pointsText(report.max)} points in ${(report.wallMs / 1000).toFixed(2)} s`,
    faint(`${circumstances.suite} ${circumstances.suiteHash.slice(0, 12)}, ${circumstances.cpu}`, options),
  ].join("\n");
}

// A test's place in its attempt: the suite's number where it is a whole one and free, else the next after the last
// (Gradescope's numbers can be `1.2`, or the same twice).
import type { TestReport } from "../judge/report.ts";

export class Places {
  private readonly known = new Map<string, number>();
  private last = 0;

  /** The same place for the same test, however often it is asked. */
  of(test: Pick<TestReport, "name" | "number">): number {
    const key = `${test.number}\n${test.name}`;
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const wanted = /^[1-9]\d{0,5}$/.test(test.number) ? Number(test.number) : 0;
    const taken = wanted === 0 || [...this.known.values()].includes(wanted);
    const place = taken ? Math.max(this.last, MOST_NUMBERS) + 1 : wanted;
    this.last = Math.max(this.last, place);
    this.known.set(key, place);
    return place;
  }
}

/** Places given here come after every whole number that may yet be asked for. */
const MOST_NUMBERS = 999_999;

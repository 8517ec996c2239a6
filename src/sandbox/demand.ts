// How many student sandboxes should wait for a suite: pure, from when submissions came.

const WINDOW_MS = 60_000;
/** Of one suite; the pool's ceiling on memory may be reached earlier. */
const DEPTH_LIMIT = 32;

export class Demand {
  #arrivals: number[] = [];
  #asked = { depth: 0, until: 0 };

  arrived(now: number) {
    this.#arrivals = [...this.recent(now), now];
  }

  /** Someone knows that submissions will come: a deadline, a rehearsal, a re-run of a course. */
  ask(depth: number, until: number) {
    this.#asked = { depth: Math.min(depth, DEPTH_LIMIT), until };
  }

  /**
   * Sandboxes that should wait: enough for what arrives, at the rate of the last minute, while one is being
   * made (`makingMs`), twice over since arrivals come in bursts, and one for the next that nobody expects.
   */
  depth(now: number, makingMs: number): number {
    const asked = now < this.#asked.until ? this.#asked.depth : 0;
    const recent = this.recent(now).length;
    const needed = recent === 0 ? 0 : 1 + Math.ceil((recent / WINDOW_MS) * makingMs * 2);
    return Math.min(DEPTH_LIMIT, Math.max(asked, needed));
  }

  private recent(now: number): number[] {
    return this.#arrivals.filter((at) => now - at < WINDOW_MS);
  }
}

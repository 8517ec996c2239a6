import { setTimeout as pause } from "node:timers/promises";

/** Waits for a condition, looking often; says what it waited for when the time is over. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  ms = 15_000,
): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== null && seen !== false) return seen;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${ms} ms`);
    await pause(10);
  }
}

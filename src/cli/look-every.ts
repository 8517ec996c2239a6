// What the server looks for again and again, beside its requests.
import type { Logger } from "../platform/log.ts";

/**
 * Looks now and every `ms`, never twice at once; a look that fails is said and the next one tries again.
 * @param look how many it found.
 * @returns how to end it.
 */
export function lookEvery(ms: number, what: string, log: Logger, look: () => Promise<number>): () => void {
  let busy = false;
  const once = async () => {
    if (busy) return;
    busy = true;
    try {
      const found = await look();
      if (found > 0) log.info({ found }, what);
    } catch (error) {
      log.warn({ err: error }, `could not look: ${what}`);
    } finally {
      busy = false;
    }
  };
  void once();
  const timer = setInterval(once, ms);
  timer.unref();
  return () => clearInterval(timer);
}

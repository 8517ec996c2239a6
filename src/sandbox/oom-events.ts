// The engine's own `oom` events, for a worker that cannot read the kernel's counters (it runs in a container
// itself, or the engine is on another host).
import { cgroupRootReadable } from "./oom.ts";
import type { Site } from "./site.ts";

const RETRY_MS = 2_000;
const REMEMBERED = 10_000;

/** Counts kills by container into `site.oomEvents` until the answer is called. */
export function watchOomKills(site: Site): () => void {
  if (cgroupRootReadable(site.cgroupVersion)) return () => {};
  const stopping = new AbortController();
  void follow(site, stopping.signal);
  return () => stopping.abort();
}

async function follow(site: Site, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const { id } of site.engine.oomEvents(signal)) {
        site.oomEvents.set(id, (site.oomEvents.get(id) ?? 0) + 1);
        const [oldest] = site.oomEvents.keys();
        if (site.oomEvents.size > REMEMBERED && oldest) site.oomEvents.delete(oldest);
      }
    } catch {
      // The engine restarts; what was killed meanwhile shows in the container's own state.
    }
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
  }
}

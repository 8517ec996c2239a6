// When what waits for devices will probably begin: the rule by which devices are given (rota.ts, device-claim.ts) played
// forward over what each job usually takes. Pure. It knows what waits now; what comes later may go before it.
import { choose, type DeviceNeed, type Offer } from "../sandbox/devices.ts";

export interface PlannedDevice extends Offer {
  id: string;
  /** A job's devices are all of one worker. */
  worker: string;
  /** Seconds until it is free. */
  freeIn: number;
}

export interface PlannedEntry {
  id: string;
  team: string;
  need: DeviceNeed;
  /** Jobs that its team may have at a time. */
  most: number;
  /** Seconds. */
  takes: number;
  /** Its team has nothing left for this week: others go on. */
  spent: boolean;
}

export interface Planned {
  startsIn: number;
  endsIn: number;
  devices: string[];
}

/** A job that has devices now. */
export interface PlannedRun {
  team: string;
  endsIn: number;
}

/**
 * When each begins and on what. What is missing in the answer cannot begin: no device fits it, or its team has no
 * seconds left.
 * @param order first to last, as rotaOrder gives it.
 */
export function planRuns(
  order: readonly PlannedEntry[],
  devices: readonly PlannedDevice[],
  running: readonly PlannedRun[],
): Map<string, Planned> {
  const planned = new Map<string, Planned>();
  const freeAt = new Map(devices.map(({ id, freeIn }) => [id, Math.max(0, freeIn)]));
  const ends = running.map(({ team, endsIn }) => ({ team, at: Math.max(0, endsIn) }));
  let left = order.filter(({ spent }) => !spent);
  let now = 0;
  while (left.length > 0) {
    const busy = new Map<string, number>();
    for (const { team, at } of ends) if (at > now) busy.set(team, (busy.get(team) ?? 0) + 1);
    for (const entry of left) {
      if ((busy.get(entry.team) ?? 0) >= entry.most) continue;
      const free = devices.filter(({ id }) => freeAt.get(id)! <= now);
      if (free.length === 0) break;
      const chosen = ofOneWorker(free, entry.need);
      if (!chosen) continue;
      const endsIn = now + Math.max(1, entry.takes);
      planned.set(entry.id, { startsIn: now, endsIn, devices: chosen.map(({ id }) => id) });
      for (const { id } of chosen) freeAt.set(id, endsIn);
      ends.push({ team: entry.team, at: endsIn });
      busy.set(entry.team, (busy.get(entry.team) ?? 0) + 1);
    }
    left = left.filter(({ id }) => !planned.has(id));
    const next = Math.min(...[...freeAt.values(), ...ends.map(({ at }) => at)].filter((at) => at > now));
    if (!Number.isFinite(next)) break;
    now = next;
  }
  return planned;
}

function ofOneWorker(free: readonly PlannedDevice[], need: DeviceNeed): PlannedDevice[] | null {
  for (const own of Map.groupBy(free, ({ worker }) => worker).values()) {
    const chosen = choose(own, need);
    if (chosen) return chosen;
  }
  return null;
}

// What keeps a waiting attempt from a device, and when it will probably begin, for the page of whoever waits.
import { eq } from "drizzle-orm";
import { deviceNeed } from "../judge/suite.ts";
import type { Executor } from "../platform/database.ts";
import { spendable, weekBalance } from "./device-budget.ts";
import { DEVICE_LANE } from "./device-queue.ts";
import { readRota } from "./rota-read.ts";
import { attempts } from "./tables.ts";

export interface DeviceWait {
  /** Devices that living workers have; 0 says that it waits for a machine to come. */
  devices: number;
  /** It runs on a CPU, at reduced scale, while there is no device. */
  fallback: boolean;
  /** Seconds that its team may still begin with this week; null where nobody counts them. */
  leftSeconds: number | null;
  /** Seconds until it begins on a device, by the rota; null where it cannot begin, or does not wait for one yet. */
  startsIn: number | null;
  /** False where something that goes before it was never measured: its time limit stands in, so it is at most that. */
  measured: boolean;
}

/** @returns null for what needs no device */
export async function deviceWait(db: Executor, attemptId: string): Promise<DeviceWait | null> {
  const [attempt] = await db.select().from(attempts).where(eq(attempts.id, attemptId));
  const need = attempt?.lane === DEVICE_LANE ? deviceNeed(attempt.suiteConfig) : null;
  if (!attempt || !need) return null;
  const { team, weekSeconds } = attempt;
  const rota = await readRota(db);
  const own = rota.waiting.find(({ id }) => id === attemptId);
  return {
    devices: rota.devices.filter(({ place }) => place.state !== "out").length,
    fallback: attempt.fallback && need.cpu_fallback,
    leftSeconds:
      weekSeconds === null ? null : Math.max(0, spendable(await weekBalance(db, team, weekSeconds))),
    startsIn: own?.planned ? Math.round(own.planned.startsIn) : null,
    measured: own?.measured ?? false,
  };
}

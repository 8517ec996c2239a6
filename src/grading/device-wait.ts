// What keeps a waiting attempt from a device, for the page of whoever waits.
import { eq } from "drizzle-orm";
import { deviceNeed } from "../judge/suite.ts";
import type { Executor } from "../platform/database.ts";
import { spendable, weekBalance } from "./device-budget.ts";
import { countDevices, DEVICE_LANE } from "./device-claim.ts";
import { attempts } from "./tables.ts";

export interface DeviceWait {
  /** Devices that living workers have; 0 says that it waits for a machine to come. */
  devices: number;
  /** It runs on a CPU, at reduced scale, while there is no device. */
  fallback: boolean;
  /** Seconds that its team may still begin with this week; null where nobody counts them. */
  leftSeconds: number | null;
}

/** @returns null for what needs no device */
export async function deviceWait(db: Executor, attemptId: string): Promise<DeviceWait | null> {
  const [attempt] = await db.select().from(attempts).where(eq(attempts.id, attemptId));
  const need = attempt?.lane === DEVICE_LANE ? deviceNeed(attempt.suiteConfig) : null;
  if (!attempt || !need) return null;
  const { team, weekSeconds } = attempt;
  return {
    devices: await countDevices(db),
    fallback: attempt.fallback && need.cpu_fallback,
    leftSeconds:
      weekSeconds === null ? null : Math.max(0, spendable(await weekBalance(db, team, weekSeconds))),
  };
}

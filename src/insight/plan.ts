// The answer of `assay plan` and of its pages: waits by the number of workers, from what this installation has measured.
import { eq } from "drizzle-orm";
import type { Executor } from "../platform/database.ts";
import { suiteVersions } from "../suites/tables.ts";
import { type Curve, curves, planFor, type Question, type Waits, workersFor } from "./capacity.ts";
import { gradedLately, pastArrivals } from "./history.ts";
import { measuredService, type Service, serviceOf } from "./service-times.ts";

export interface PlanWish {
  students: number;
  /** Submissions of each. */
  each: number;
  /** Seconds before the deadline in which they come. */
  seconds: number;
  /** There are now. */
  workers: number;
  /** Gradings at once of each. */
  slots: number;
  /** Machines that they share; null: each worker has its own. */
  machines: number | null;
  curve: Curve | "history";
  /** What 95 of 100 may wait, in seconds. */
  wait: number;
  lane: string;
  /** Of one suite's gradings; absent: all of the lane. */
  versionId?: string | undefined;
  /** Stated times instead of measured ones. */
  service?: number[] | undefined;
}

export interface Plan {
  service: Pick<Service, "count" | "mean" | "turnover">;
  submissions: number;
  rows: Waits[];
  /** What is needed for the wait; null: no number of workers is enough. */
  needed: Waits | null;
}

/** Why there is no answer. */
export type NoPlan = { reason: "measured"; count: number } | { reason: "history" };

/** Fewer gradings than this say little about the next ones. */
export const MEASURED_LEAST = 20;
/** More would be no deadline but a denial of service of whoever asks. */
export const SUBMISSIONS_LIMIT = 20_000;
const WORKERS = [1, 2, 3, 4, 6, 8, 12, 16];

export async function capacityPlan(db: Executor | null, wish: PlanWish): Promise<Plan | NoPlan> {
  const service = wish.service ? serviceOf(wish.service) : await measuredFor(db!, wish);
  if (!wish.service && service.count < MEASURED_LEAST) return { reason: "measured", count: service.count };
  const curve = wish.curve === "history" ? await pastArrivals(db!, wish.seconds) : curves[wish.curve];
  if (!curve) return { reason: "history" };
  const { students: people, seconds, slots, machines } = wish;
  const submissions = Math.min(SUBMISSIONS_LIMIT, people * wish.each);
  const question: Question = { submissions, people, seconds, curve, service, slots, machines };
  const workers = [...new Set([...WORKERS, wish.workers])].sort((a, b) => a - b);
  const { count, mean, turnover } = service;
  return {
    ...{ service: { count, mean, turnover }, submissions },
    rows: planFor(question, workers),
    needed: workersFor(question, wish.wait),
  };
}

async function measuredFor(db: Executor, { lane, versionId, machines }: PlanWish): Promise<Service> {
  const [version] =
    versionId === undefined
      ? []
      : await db
          .select({ hash: suiteVersions.hash })
          .from(suiteVersions)
          .where(eq(suiteVersions.id, versionId));
  return measuredService(
    await gradedLately(db, { lane, suiteHash: version?.hash, oneMachine: machines === 1 }),
  );
}

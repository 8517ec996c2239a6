// What is asked of the plan, from an address; what is not there or no number is as it mostly is.
import { z } from "zod";
import { curves } from "../../insight/capacity.ts";
import type { PlanWish } from "../../insight/plan.ts";

export const curveNames = [...(Object.keys(curves) as (keyof typeof curves)[]), "history"] as const;

const whole = (least: number, most: number, usual: number) =>
  z.coerce.number().int().min(least).max(most).catch(usual);

export interface PlanDefaults {
  students: number;
  workers: number;
  slots: number;
}

export interface PlanForm {
  students: number;
  each: number;
  minutes: number;
  workers: number;
  slots: number;
  curve: (typeof curveNames)[number];
  wait: number;
  /** All workers stand on one machine. */
  shared: boolean;
  lane: "cpu" | "gpu";
}

export function planForm(query: Record<string, string>, usual: PlanDefaults): PlanForm {
  return z
    .object({
      students: whole(1, 10_000, usual.students),
      each: whole(1, 50, 1),
      minutes: whole(1, 10_080, 120),
      workers: whole(1, 200, usual.workers),
      slots: whole(1, 64, usual.slots),
      curve: z.enum(curveNames).catch("rush"),
      wait: whole(1, 86_400, 60),
      shared: z.literal("yes").optional().catch(undefined),
      lane: z.enum(["cpu", "gpu"]).catch("cpu"),
    })
    .transform(({ shared, ...form }) => ({ ...form, shared: shared === "yes" }))
    .parse(query);
}

export const wishOf = ({ minutes, shared, ...form }: PlanForm): PlanWish => {
  return { ...form, seconds: minutes * 60, machines: shared ? 1 : null };
};

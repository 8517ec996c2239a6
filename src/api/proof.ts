// A proof as it is sent: judge/proof.ts says what it means.
import { z } from "@hono/zod-openapi";
import type { Proof } from "../judge/proof.ts";

const name = z.string().max(300);
const names = z.array(name).max(5000);
const points = z.number();
const lines = z.array(z.string().max(5000)).max(5000);

export const proof: z.ZodType<Proof> = z
  .object({
    ok: z.boolean(),
    suite: name,
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    seeds: z.int().min(1),
    max: points,
    reference: z.object({
      scores: z.array(points).max(100),
      strict: points,
      wall_ms: z.array(z.number()).max(100),
    }),
    starter: z.object({ score: points, max: points }),
    mutants: z
      .array(z.object({ name, killed_by: names, expected: names, unsteady: names, wall_ms: z.number() }))
      .max(1000),
    tests: z.array(z.object({ name, points, killed_by_mutants: names, reference_ms: z.number() })).max(5000),
    alternatives: z.array(z.object({ name, score: points, failed: names, expected: names })).max(1000),
    adversaries: z.array(z.object({ name, score: points, unhandled: names })).max(100),
    problems: lines,
    warnings: lines,
  })
  .openapi("Proof");

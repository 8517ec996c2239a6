// The queue for GPUs, for staff of a course: who is where in it, and moving what of the course waits.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { findCourse } from "../courses/courses.ts";
import { moves } from "../grading/rota.ts";
import type { AppEnv } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { rotaFor } from "../submissions/rota.ts";
import { moveInRota, ROTA_REASON_LIMIT_CHARACTERS, undoMove } from "../submissions/rota-moves.ts";
import { body, id, moment, refusals, security, text, words } from "./answers.ts";
import { courseParam } from "./courses.ts";

const tags = ["review"];
const work = z
  .object({
    submissionId: id,
    number: z.int(),
    assignment: z.object({ slug: z.string(), title: words }),
    by: z.string(),
  })
  .nullable()
  .openapi({ description: "Null: another course's." });
const takes = z.object({ seconds: z.number(), measured: z.boolean() }).openapi({
  description: "The median of the suite's newest runs; its time limit where none was measured.",
});
const rotaAnswer = z
  .object({
    devices: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        vramBytes: z.number(),
        host: z.string(),
        state: z.enum(["free", "busy", "scrubbing", "out"]),
      }),
    ),
    running: z.array(
      z.object({ attemptId: id, work, takes, startedAt: moment, devices: z.array(z.string()) }),
    ),
    waiting: z.array(
      z.object({
        ...{ attemptId: id, work, takes, place: z.int(), since: moment },
        startsInSeconds: z.number().nullable(),
        devices: z.array(z.string()),
      }),
    ),
  })
  .openapi("Rota");

const get = createRoute({
  method: "get",
  path: "/courses/{course}/rota",
  tags,
  security,
  summary: "The queue for GPUs: what runs where, and what waits in the order in which it is taken (staff)",
  request: { params: courseParam },
  responses: { 200: text(rotaAnswer, "As it is now."), ...refusals(401, 403, 404) },
});

const move = createRoute({
  method: "post",
  path: "/courses/{course}/rota/moves",
  tags,
  security,
  summary: "Move what waits for a GPU among the course's own places (staff)",
  request: {
    params: courseParam,
    ...body(
      z.object({
        attemptId: id,
        move: z.enum(moves),
        reason: z.string().max(ROTA_REASON_LIMIT_CHARACTERS),
      }),
    ),
  },
  responses: {
    200: text(z.object({ placeBefore: z.int(), placeAfter: z.int() }), "Among the course's own, from 1."),
    ...refusals(401, 403, 404, 409, 422),
  },
});

const undo = createRoute({
  method: "post",
  path: "/courses/{course}/rota/moves/undo",
  tags,
  security,
  summary: "Undo the course's newest move in the queue for GPUs (staff)",
  request: { params: courseParam },
  responses: { 204: { description: "Undone." }, ...refusals(401, 403, 404, 409) },
});

export function addRota(api: OpenAPIHono<AppEnv>): void {
  api.openapi(get, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const rota = await rotaFor(db, viewer, await findCourse(db, viewer, c.req.valid("param").course));
    const answer = {
      devices: rota.devices.map(({ id, name, vramBytes, worker, place }) => {
        return { id, name, vramBytes, host: worker.host, state: place.state };
      }),
      running: rota.running.map(({ attemptId, work, takes, startedAt, devices }) => {
        return { attemptId, work, takes, startedAt: startedAt.toISOString(), devices };
      }),
      waiting: rota.waiting.map(({ attemptId, work, takes, place, since, startsIn, devices }) => {
        return {
          ...{ attemptId, work, takes, place, devices },
          since: since.toISOString(),
          startsInSeconds: startsIn,
        };
      }),
    };
    return c.json(answer, 200);
  });
  api.openapi(move, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findCourse(db, viewer, c.req.valid("param").course);
    return c.json(await moveInRota(db, viewer, access, c.req.valid("json")), 200);
  });
  api.openapi(undo, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    await undoMove(db, viewer, await findCourse(db, viewer, c.req.valid("param").course));
    return c.body(null, 204);
  });
}

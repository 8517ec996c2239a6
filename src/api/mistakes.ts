// What an assignment's students did not understand, and one comment or one item's grade for all who made the same
// mistake: looked at, given, taken back.
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Viewer } from "../accounts/viewer.ts";
import type { AssignmentAccess } from "../assignments/assignments.ts";
import { findAssignment } from "../assignments/assignments.ts";
import type { AppEnv, Services } from "../http/services.ts";
import { viewerOf } from "../http/viewer.ts";
import { fail } from "../insight/errors.ts";
import { bases, type MistakeGroup, mistakeGroup, mistakesOf, titleOf } from "../insight/mistakes.ts";
import { listGroupMarks, markGroup, undoGroupMark } from "../review/group-marks.ts";
import { type GroupWish, groupMembers, previewGroup } from "../review/group-preview.ts";
import { groupMarkKinds } from "../review/tables.ts";
import { body, hundredths, id, iso, moment, refusals, security, text, words } from "./answers.ts";
import { assignmentParam } from "./assignments.ts";

const tags = ["mistakes"];
const key = z.string().regex(/^[0-9a-f]{16}$/);
const groupParam = assignmentParam.extend({ group: key });
const on = z
  .enum(bases)
  .default("counted")
  .openapi({ description: "Whose: the submission that counts of each student, or the one that came last." });
const query = z.object({ on });
const mutant = z.string().openapi({ description: "The suite's known wrong solution that answers alike." });
const test = z.object({ name: z.string(), title: words });

const list = createRoute({
  method: "get",
  path: "/assignments/{assignment}/mistakes",
  tags,
  security,
  summary:
    "Known mistakes by how many made them, and failures without a name, in groups that fail alike (staff)",
  request: { params: assignmentParam },
  responses: {
    200: text(
      z.object({
        students: z.int(),
        graded: z.int().openapi({ description: "Students whose latest submission is graded." }),
        looking: z
          .int()
          .openapi({ description: "Students of them in whose failures a name is still looked for." }),
        known: z.array(
          z.object({ key, mutant, title: words, hint: words, latest: z.int(), counted: z.int() }),
        ),
        unknown: z.array(
          z.object({
            key,
            tests: z.array(test),
            kind: z.string(),
            students: z.int(),
            message: words.nullable(),
          }),
        ),
      }),
      "The most frequent first.",
    ),
    ...refusals(401, 403, 404),
  },
});

const mark = z
  .object({
    id,
    kind: z.enum(groupMarkKinds),
    text: z.string(),
    path: z.string().nullable(),
    item: z.string().nullable(),
    points: hundredths.nullable(),
    by: z.string(),
    madeAt: moment,
    undoneAt: moment.nullable(),
    changed: z.int(),
  })
  .openapi("GroupMark");
const see = createRoute({
  method: "get",
  path: "/assignments/{assignment}/mistakes/{group}",
  tags,
  security,
  summary: "Who has a mistake in common, and what they were given for it (staff)",
  request: { params: groupParam, query },
  responses: {
    200: text(
      z.object({
        key,
        title: words,
        mutant: mutant.nullable().openapi({ description: "Null for failures without a name." }),
        submissions: z.array(
          z.object({
            id,
            number: z.int(),
            name: z.string().openapi({ description: "A code while names are not to be known." }),
          }),
        ),
        marks: z.array(mark),
      }),
      "The newest submission first.",
    ),
    ...refusals(401, 403, 404),
  },
});

const wish = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("comment"),
      text: z.string(),
      path: z.string(),
      near: z
        .string()
        .max(200)
        .default("")
        .openapi({ description: "On the first line that has this in it; else on the first of all." }),
    }),
    z.object({
      kind: z.literal("item"),
      text: z.string().default(""),
      item: z.string().min(1).max(100),
      points: hundredths,
      replace: z.boolean().default(false).openapi({ description: "Also what somebody has given already." }),
    }),
  ])
  .openapi("GroupWish");
const preview = createRoute({
  method: "post",
  path: "/assignments/{assignment}/mistakes/{group}/preview",
  tags,
  security,
  summary: "What one comment, or one item's grade, for a whole group would do (staff)",
  request: { params: groupParam, query, ...body(wish) },
  responses: {
    200: text(
      z.object({
        changes: z.int(),
        basis: z.string(),
        lines: z.array(
          z.object({
            submissionId: id,
            number: z.int(),
            name: z.string(),
            before: hundredths.nullable(),
            after: hundredths.nullable(),
            line: z.int().nullable(),
            left: z
              .enum(["own", "given", "same", "no-file", "no-item", "full"])
              .nullable()
              .openapi({ description: "Why it is left alone." }),
          }),
        ),
      }),
      "Nothing has changed; `basis` is to be sent when it is given.",
    ),
    ...refusals(401, 403, 404, 422),
  },
});

const give = createRoute({
  method: "post",
  path: "/assignments/{assignment}/mistakes/{group}/marks",
  tags,
  security,
  summary: "Give one comment, or one item's grade, to a whole group as it was previewed (staff)",
  request: {
    params: groupParam,
    query,
    ...body(z.object({ wish, basis: z.string().openapi({ description: "Of the preview." }) })),
  },
  responses: {
    201: text(z.object({ id, changed: z.int() }), "Given."),
    ...refusals(401, 403, 404, 409, 422),
  },
});

const undo = createRoute({
  method: "delete",
  path: "/assignments/{assignment}/group-marks/{mark}",
  tags,
  security,
  summary: "Take back what a group was given (whoever gave it, or instructors)",
  request: { params: assignmentParam.extend({ mark: z.string() }) },
  responses: {
    200: text(
      z.object({
        changed: z.int(),
        kept: z.int().openapi({ description: "What somebody has decided since stays." }),
      }),
      "Taken back.",
    ),
    ...refusals(401, 403, 404, 409),
  },
});

export function addMistakes(api: OpenAPIHono<AppEnv>): void {
  api.openapi(list, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const access = await findAssignment(db, viewer, c.req.valid("param").assignment);
    const { students, graded, looking, known, unknown } = await mistakesOf(db, viewer, access);
    return c.json(
      {
        ...{ students, graded, looking },
        known: known.map(({ submissions: _, ...one }) => one),
        unknown: unknown.map(({ submissions: _, ...one }) => one),
      },
      200,
    );
  });
  api.openapi(see, async (c) => {
    const { services } = c.var;
    const viewer = viewerOf(c);
    const { access, group } = await load(services, viewer, c.req.valid("param"), c.req.valid("query"));
    const members = await groupMembers(services.db, viewer, access, group.submissions);
    const marks = await listGroupMarks(services.db, viewer, access, group.key);
    return c.json(
      {
        ...{ key: group.key, title: titleOf(group), mutant: group.known?.mutant ?? null },
        submissions: members.map(({ id, number, name }) => ({ id, number, name })),
        marks: marks.map(({ madeAt, undoneAt, ...one }) => {
          const { id, kind, text, path, item, points, by, changed } = one;
          const said = { id, kind, text, path, item, points, by, changed };
          return { ...said, madeAt: madeAt.toISOString(), undoneAt: iso(undoneAt) };
        }),
      },
      200,
    );
  });
  api.openapi(preview, async (c) => {
    const { services } = c.var;
    const viewer = viewerOf(c);
    const { access, group } = await load(services, viewer, c.req.valid("param"), c.req.valid("query"));
    const wanted = asWish(c.req.valid("json"));
    const seen = await previewGroup(services, viewer, access, group.submissions, wanted);
    const lines = seen.lines.map(({ version: _, ...line }) => line);
    return c.json({ changes: seen.changes, basis: seen.basis, lines }, 200);
  });
  api.openapi(give, async (c) => {
    const { services } = c.var;
    const viewer = viewerOf(c);
    const { access, group } = await load(services, viewer, c.req.valid("param"), c.req.valid("query"));
    const { wish, basis } = c.req.valid("json");
    const named = { key: group.key, title: titleOf(group), submissions: group.submissions };
    const { mark, changed } = await markGroup(services, viewer, access, named, asWish(wish), basis);
    return c.json({ id: mark.id, changed }, 201);
  });
  api.openapi(undo, async (c) => {
    const { db } = c.var.services;
    const viewer = viewerOf(c);
    const { assignment, mark } = c.req.valid("param");
    return c.json(await undoGroupMark(db, viewer, await findAssignment(db, viewer, assignment), mark), 200);
  });
}

async function load(
  { db }: Services,
  viewer: Viewer,
  { assignment, group: key }: { assignment: string; group: string },
  { on }: { on: (typeof bases)[number] },
): Promise<{ access: AssignmentAccess; group: MistakeGroup }> {
  const access = await findAssignment(db, viewer, assignment);
  const group = await mistakeGroup(db, viewer, access, key, on);
  if (!group) throw fail("not_found");
  return { access, group };
}

/** Pages send points as people write them. */
const asWish = (wanted: z.infer<typeof wish>): GroupWish =>
  wanted.kind === "item" ? { ...wanted, points: String(wanted.points / 100) } : wanted;

// What members of a group say their parts were: asked for or not, seen by whom, as long as work is taken.
import { expect, test } from "vitest";
import type { ContributionSetting } from "../assignments/tables.ts";
import { seenBy, statementState } from "../submissions/contributions.ts";
import { handIn, must, testCourse } from "./testing/course.ts";
import { as, testServer } from "./testing/server.ts";

const server = await testServer();
const course = await testCourse(server);
const { student: ann, other: ben, ta, instructor } = course;
const a = `/assignments/${course.assignmentId}`;
const change = (json: object) => must(as(server, instructor, a, { method: "PATCH", json }));
const say = (who: { token: string }, text: string, share: number | null = null) =>
  as(server, who, `${a}/contribution`, { method: "PUT", json: { text, share } });
const read = (who: { token: string }) => must(as(server, who, `${a}/contribution`));

test.each([
  ["nobody is asked", "off", "set", "open", "none"],
  ["asked, but everybody works alone", "staff", null, "open", "none"],
  ["asked, and work is taken", "staff", "set", "open", "open"],
  ["before the opening", "group", "set", "not_open_yet", "over"],
  ["after the last late day", "group", "set", "past_due", "over"],
  ["closed by staff", "staff", "set", "closed", "over"],
] as const)("%s", (_, contributions, groupSetId, acceptance, state) =>
  expect(statementState({ contributions, groupSetId }, acceptance)).toBe(state),
);

test.each<[ContributionSetting, string[]]>([
  ["off", []],
  ["staff", ["b"]],
  ["group", ["a", "b", "c"]],
])("with “%s” a member sees", (setting, seen) => expect(seenBy(setting, "b", ["a", "b", "c"])).toEqual(seen));

test("each states their own part, before and after the work is there; the other's is seen only where it is set", async () => {
  expect((await say(ann, "the encoder")).body.error.code).toBe("no_statement_asked");
  const wish = { slug: "pairs", title: "Pairs", mostMembers: 2, formation: "students" };
  const sets = `/courses/${course.slug}/group-sets`;
  const { id } = await must(as(server, ta, sets, { json: wish }));
  const { code } = await must(as(server, ann, `${sets}/pairs/groups`, { json: { name: "Two" } }));
  await must(as(server, ben, `${sets}/pairs/join`, { json: { code } }));
  await change({ groupSetId: id, contributions: "staff" });

  await must(say(ann, "the encoder", 70));
  const work = await handIn(server, ann, course.assignmentId);
  await must(say(ann, "encoder and report", 60));
  await must(say(ben, "the decoder", 50));
  expect(await read(ann)).toMatchObject({
    state: "open",
    own: { text: "encoder and report", share: 60 },
    others: [],
  });
  const all = `/submissions/${work.id}/contributions`;
  const { items } = await must(as(server, ta, all));
  expect(items.map(({ text, share }: { text: string; share: number }) => [text, share])).toEqual([
    ["encoder and report", 60],
    ["the decoder", 50],
  ]);
  expect((await as(server, ben, all)).status).toBe(404);

  await change({ contributions: "group" });
  expect((await read(ann)).others).toMatchObject([{ person: { id: ben.id }, text: "the decoder" }]);
});

test("whoever grades without names reads none, and a bad share or no words are refused", async () => {
  const work = await handIn(server, ben, course.assignmentId);
  await change({ blind: true });
  expect((await must(as(server, ta, `/submissions/${work.id}/contributions`))).items).toBeNull();
  expect((await must(as(server, instructor, `/submissions/${work.id}/contributions`))).items).toHaveLength(2);
  expect((await say(ben, "  ")).body.error.code).toBe("bad_statement");
  expect((await say(ben, "x", 101)).status).toBe(422);
});

test("when nothing is taken any more it stays as it was", async () => {
  await change({ dueAt: new Date(Date.now() - 3_600_000).toISOString(), lateLastDay: 0 });
  expect((await say(ben, "all of it", 100)).body.error.code).toBe("statement_over");
  expect(await read(ben)).toMatchObject({ state: "over", own: { text: "the decoder" } });
});

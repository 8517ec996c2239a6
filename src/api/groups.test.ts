// Groups as one piece of work: joining never gives a past submission, leaving never takes one; graded once for all.
import { beforeAll, expect, test } from "vitest";
import { sessionViewer } from "../accounts/viewer.ts";
import { findAssignment } from "../assignments/assignments.ts";
import { adjust, findReview } from "../review/review.ts";
import { myHistory } from "../submissions/history.ts";
import { echoZip, handIn, must, testCourse } from "./testing/course.ts";
import { begin, finish, record, resultOf } from "./testing/grade.ts";
import { as, somebody, type TestPerson, testServer } from "./testing/server.ts";

const server = await testServer();
const course = await testCourse(server);
const { db } = server.services;
const { student: ann, other: ben, ta } = course;
const cleo: TestPerson = await somebody(server, { name: "Cleo" });
const sets = `/courses/${course.slug}/group-sets`;
const a = `/assignments/${course.assignmentId}`;
let alone: string;
let together: string;

const send = (who: TestPerson) =>
  handIn(server, who, course.assignmentId, echoZip(`# ${crypto.randomUUID()}\n`));
const sees = async (who: TestPerson, id: string) => (await as(server, who, `/submissions/${id}`)).status;
const mine = async (who: TestPerson) => {
  const { items } = await must(as(server, who, `${a}/submissions?mine=true`));
  return items.map(({ number }: { number: number }) => number);
};

beforeAll(async () => {
  const csv = `email,name\n${cleo.email},Cleo\n`;
  await must(
    as(server, course.instructor, `/courses/${course.slug}/roster`, { body: csv, type: "text/csv" }),
  );
  alone = (await send(ann)).id;
  const wish = { slug: "project", title: "Project", mostMembers: 2, formation: "students" };
  const { id } = await must(as(server, ta, sets, { json: wish }));
  await must(as(server, course.instructor, a, { method: "PATCH", json: { groupSetId: id } }));
});

test("a student makes a group, another joins by its code, a third finds it full", async () => {
  const { code } = await must(as(server, ann, `${sets}/project/groups`, { json: { name: "Two" } }));
  const join = (who: TestPerson, given: string) =>
    as(server, who, `${sets}/project/join`, { json: { code: given } });
  expect((await join(ben, "WRONGCDE")).body.error.code).toBe("group_no_code");
  expect((await join(ben, ` ${code.toLowerCase()} `)).status).toBe(204);
  expect((await join(cleo, code)).body.error.code).toBe("group_full");
  expect((await join(ben, code)).status).toBe(409);
  const { items } = await must(as(server, cleo, sets));
  expect(items[0].groups).toEqual([]);
});

test("two who join at once do not both become the last member", async () => {
  const { code } = await must(as(server, cleo, `${sets}/project/groups`, { json: { name: "Three" } }));
  const late = [await somebody(server), await somebody(server)];
  const csv = `email,name\n${late.map(({ email }) => `${email},L`).join("\n")}\n`;
  await must(
    as(server, course.instructor, `/courses/${course.slug}/roster`, { body: csv, type: "text/csv" }),
  );
  const both = await Promise.all(
    late.map((who) => as(server, who, `${sets}/project/join`, { json: { code } })),
  );
  expect(both.map(({ status }) => status).sort()).toEqual([204, 409]);
});

test("what one hands in is both's, with one row of numbers and one quota", async () => {
  together = (await send(ann)).id;
  expect(await sees(ben, together)).toBe(200);
  expect(await sees(cleo, together)).toBe(404);
  expect(await sees(ben, alone)).toBe(404);
  expect(await mine(ben)).toEqual([2]);
  const next = await send(ben);
  expect(next.number).toBe(3);
  expect(await mine(ann)).toEqual([3, 2, 1]);
  await must(as(server, course.instructor, a, { method: "PATCH", json: { attemptsTotal: 4 } }));
  expect((await must(as(server, ann, a))).attemptsLeft).toBe(1);
  expect((await must(as(server, ben, a))).attemptsLeft).toBe(2);
  const staff = await must(as(server, ta, `/submissions/${together}`));
  expect(staff.members.map(({ id }: { id: string }) => id).sort()).toEqual([ann.id, ben.id].sort());
});

test("points for one member are that member's alone, with the reason", async () => {
  const attempt = (await must(as(server, ta, `/submissions/${together}`))).attempt.id;
  const token = await begin(server, attempt);
  const tests = ["test_seen", "test_hidden", "test_late"].map((name) => resultOf(name));
  await record(server, token, tests);
  await finish(server, token, tests);
  await must(
    as(server, course.instructor, a, {
      method: "PATCH",
      json: { resultsPublishedAt: new Date().toISOString() },
    }),
  );
  const viewer = sessionViewer(ta);
  const access = await findReview(db, viewer, together);
  await adjust(db, viewer, access, { points: "-2", reason: "wrote no code", personId: ben.id });
  await adjust(db, viewer, access, { points: "1", reason: "a fine report" });
  const total = async (who: TestPerson) =>
    (await must(as(server, who, `/submissions/${together}/report`))).points.total;
  expect((await total(ann)) - (await total(ben))).toBe(200);
  await expect(adjust(db, viewer, access, { points: "1", reason: "r", personId: cleo.id })).rejects.toThrow();
});

test("leaving takes no past submission, joining gives none", async () => {
  expect((await as(server, ben, `${sets}/project/leave`, { method: "POST" })).status).toBe(204);
  expect(await sees(ben, together)).toBe(200);
  const after = (await send(ann)).id;
  expect(await sees(ben, after)).toBe(404);
  await must(
    as(server, ta, `${sets}/project/members`, {
      method: "PUT",
      json: [{ email: cleo.email, group: "Two" }],
    }),
  );
  expect(await sees(cleo, together)).toBe(404);
  expect(await sees(cleo, after)).toBe(404);
});

test("a regrade is asked by any member and answered by nobody whose name is on it", async () => {
  const asked = await as(server, ben, `/submissions/${together}/regrade-requests`, {
    json: { kind: "test", target: "test_seen", reason: "The sheet says that this is right." },
  });
  expect(asked.status).toBe(201);
  expect((await must(as(server, ann, `/submissions/${together}/regrade-requests`))).items).toHaveLength(1);
});

test("each lets count what they choose, until results are out", async () => {
  await must(
    as(server, course.instructor, a, {
      method: "PATCH",
      json: { counting: "chosen", resultsPublishedAt: null },
    }),
  );
  const choose = (who: TestPerson, id: string) =>
    as(server, who, `/submissions/${id}/choose`, { method: "POST" });
  expect((await choose(ben, alone)).status).toBe(404);
  expect((await choose(ann, alone)).status).toBe(204);
  const viewer = sessionViewer(ann);
  const history = async () => {
    const access = await findAssignment(db, viewer, course.assignmentId);
    return (await myHistory(db, viewer, access))
      .filter(({ counts }) => counts)
      .map((one) => one.submission.id);
  };
  expect(await history()).toEqual([alone]);
  await choose(ann, together);
  expect(await history()).toEqual([together]);
  const resultsPublishedAt = new Date().toISOString();
  await must(as(server, course.instructor, a, { method: "PATCH", json: { resultsPublishedAt } }));
  expect((await choose(ann, alone)).body.error.code).toBe("choice_over");
});

test("a list with a stranger in it places nobody", async () => {
  const before = (await must(as(server, ta, sets))).items[0].groups.length;
  const rows = [
    { email: ann.email, group: "New" },
    { email: course.stranger.email, group: "New" },
  ];
  const refused = await as(server, ta, `${sets}/project/members`, { method: "PUT", json: rows });
  expect(refused.body.error.code).toBe("group_nobody");
  expect((await must(as(server, ta, sets))).items[0].groups).toHaveLength(before);
});

test("an assignment takes no group set of another course", async () => {
  const elsewhere = await testCourse(server);
  const wish = { slug: "theirs", title: "T", mostMembers: 2, formation: "staff" };
  const { id } = await must(
    as(server, elsewhere.ta, `/courses/${elsewhere.slug}/group-sets`, { json: wish }),
  );
  const answer = await as(server, course.instructor, a, { method: "PATCH", json: { groupSetId: id } });
  expect(answer.status).toBe(404);
});

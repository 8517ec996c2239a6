// The whole table of who may do what, asked through the API: what is not allowed is refused, what is not to be
// seen is not there.
import { expect, test } from "vitest";
import { actions, allows } from "../courses/access.ts";
import { echoZip, handIn, must, suiteFiles, testCourse, zipOf } from "./testing/course.ts";
import { type Ask, as, somebody, testServer } from "./testing/server.ts";

const server = await testServer();
const course = await testCourse(server);
const elsewhere = await testCourse(server);
const work = await handIn(server, course.student, course.assignmentId);
const draft = await must(
  as(server, course.instructor, `/courses/${course.slug}/assignments`, {
    json: { slug: "draft", title: "Draft" },
  }),
);

const rerun = await must(
  as(server, course.instructor, `/assignments/${course.assignmentId}/reruns`, {
    json: { scope: "all", reason: "to be asked for" },
  }),
);

const moved = await must(
  as(server, course.instructor, `/assignments/${course.assignmentId}/imports`, {
    body: zipOf({ "smithjane_1234_5678_echo.py": "x = 1" }),
    type: "application/zip",
  }),
);

const asked = await as(server, course.student, `/assignments/${course.assignmentId}/uploads`, {
  method: "POST",
  headers: { "tus-resumable": "1.0.0", "upload-length": "1000" },
});
const begun = asked.headers.get("location")!.split("/").at(-1)!;

const callers = {
  nobody: null,
  stranger: course.stranger,
  /** An instructor, but of another course. */
  foreign: elsewhere.instructor,
  student: course.student,
  other: course.other,
  ta: course.ta,
  instructor: course.instructor,
  admin: course.admin,
};
type Caller = keyof typeof callers;
/** In this order: nobody, stranger, foreign, student, other, ta, instructor, admin. */
type Row = [what: string, path: string, ask: Ask, statuses: number[]];

const c = `/courses/${course.slug}`;
const a = `/assignments/${course.assignmentId}`;
const s = `/submissions/${work.id}`;
const r = `/reruns/${rerun.id}`;
const i = `/imports/${moved.id}`;
const v = `/suite-versions/${course.versionId}`;
let fresh = 0;
const newSlug = () => `made-${++fresh}`;

const rows: Row[] = [
  ["see a course", c, {}, [401, 404, 404, 200, 200, 200, 200, 200]],
  ["see its roster", `${c}/roster`, {}, [401, 404, 404, 403, 403, 200, 200, 200]],
  ["see its audit log", `${c}/audit`, {}, [401, 404, 404, 403, 403, 403, 200, 200]],
  ["see how long it is kept", `${c}/retention`, {}, [401, 404, 404, 403, 403, 403, 200, 200]],
  [
    "say how long it is kept, without a reason",
    `${c}/retention`,
    { method: "PUT", json: { until: null, reason: "" } },
    [401, 404, 404, 403, 403, 403, 422, 422],
  ],
  ["take one's own data", "/me/export", {}, [401, 200, 200, 200, 200, 200, 200, 200]],
  ["take somebody's data", `/people/${course.other.id}/export`, {}, [401, 403, 403, 403, 200, 403, 403, 200]],
  [
    "see what deleting somebody removes",
    `/people/${course.other.id}/removal`,
    {},
    [401, 403, 403, 403, 403, 403, 403, 200],
  ],
  [
    "delete somebody without a reason",
    `/people/${course.other.id}/removal`,
    { json: { email: course.other.email, reason: "" } },
    [401, 403, 403, 403, 403, 403, 403, 422],
  ],
  [
    "copy it to a name that is taken",
    `${c}/copy`,
    { json: { slug: course.slug, shiftDays: 1 } },
    [401, 404, 404, 403, 403, 403, 403, 409],
  ],
  ["see its gradebook", `${c}/gradebook`, {}, [401, 404, 404, 404, 404, 200, 200, 200]],
  ["export its gradebook", `${c}/gradebook/export/xlsx`, {}, [401, 404, 404, 404, 404, 200, 200, 200]],
  ["see its assignments", `${c}/assignments`, {}, [401, 404, 404, 200, 200, 200, 200, 200]],
  ["see an assignment", a, {}, [401, 404, 404, 200, 200, 200, 200, 200]],
  ["see a draft", `/assignments/${draft.id}`, {}, [401, 404, 404, 404, 404, 200, 200, 200]],
  ["see its suites", `${c}/suites`, {}, [401, 404, 404, 403, 403, 200, 200, 200]],
  ["see a suite's versions", `${c}/suites/echo/versions`, {}, [401, 404, 404, 403, 403, 200, 200, 200]],
  ["see a suite version", v, {}, [401, 404, 404, 404, 404, 200, 200, 200]],
  ["see a submission", s, {}, [401, 404, 404, 200, 404, 200, 200, 200]],
  ["see its report", `${s}/report`, {}, [401, 404, 404, 200, 404, 200, 200, 200]],
  ["see its files", `${s}/files`, {}, [401, 404, 404, 200, 404, 200, 200, 200]],
  ["see one file", `${s}/file?path=echo.py`, {}, [401, 404, 404, 200, 404, 200, 200, 200]],
  ["download it", `${s}/zip`, {}, [401, 404, 404, 200, 404, 200, 200, 200]],
  ["download the upload", `${s}/original`, {}, [401, 404, 404, 200, 404, 200, 200, 200]],
  [
    "see an artifact of nobody's",
    `${s}/artifacts/${"a".repeat(64)}`,
    {},
    [401, 404, 404, 404, 404, 404, 404, 404],
  ],
  ["see an attempt", `/attempts/${work.attempt.id}`, {}, [401, 404, 404, 200, 404, 200, 200, 200]],
  [
    "take an attempt's bundle",
    `/attempts/${work.attempt.id}/bundle`,
    {},
    [401, 404, 404, 404, 404, 200, 200, 200],
  ],
  [
    "let an attempt take an older one's place",
    `/attempts/${work.attempt.id}/replace`,
    { method: "POST" },
    [401, 404, 404, 409, 404, 403, 409, 409],
  ],
  ["download its receipt", `${s}/receipt`, {}, [401, 404, 404, 200, 404, 200, 200, 200]],
  [
    "begin an upload in parts without saying its size",
    `${a}/uploads`,
    { method: "POST" },
    [401, 404, 404, 400, 400, 400, 400, 400],
  ],
  ["see an upload", `/uploads/${begun}`, {}, [401, 404, 404, 200, 404, 404, 404, 404]],
  [
    "hand an upload in before it is whole",
    `/uploads/${begun}/submission`,
    { method: "POST" },
    [401, 404, 404, 409, 404, 404, 404, 404],
  ],
  ["download a record before results are out", `${s}/record`, {}, [401, 404, 404, 409, 404, 409, 409, 409]],
  [
    "claim an upload",
    `${a}/claims`,
    { json: { sha256: "a".repeat(64), bytes: 1000 } },
    [401, 404, 404, 201, 201, 201, 201, 201],
  ],
  ["see what members say they did", `${s}/contributions`, {}, [401, 404, 404, 404, 404, 200, 200, 200]],
  ["see what one said", `${a}/contribution`, {}, [401, 404, 404, 200, 200, 200, 200, 200]],
  [
    "say what one did, where nobody is asked",
    `${a}/contribution`,
    { method: "PUT", json: { text: "all of it" } },
    [401, 404, 404, 409, 409, 403, 403, 403],
  ],
  ["see its regrade requests", `${s}/regrade-requests`, {}, [401, 404, 404, 200, 404, 200, 200, 200]],
  [
    "ask for a regrade before results are out",
    `${s}/regrade-requests`,
    { json: { kind: "test", target: "test_seen", reason: "The sheet says so." } },
    [401, 404, 404, 409, 404, 404, 404, 404],
  ],
  ["see the regrade queue", `${c}/regrade-requests`, {}, [401, 404, 404, 403, 403, 200, 200, 200]],
  [
    "answer nobody's request",
    `/regrade-requests/${crypto.randomUUID()}/answer`,
    { json: { outcome: "refused", words: "no" } },
    [401, 404, 404, 404, 404, 404, 404, 404],
  ],
  [
    "withdraw nobody's request",
    `/regrade-requests/${crypto.randomUUID()}/withdraw`,
    { method: "POST" },
    [401, 404, 404, 404, 404, 404, 404, 404],
  ],
  ["see what waits for a person", `${c}/queue`, {}, [401, 404, 404, 403, 403, 200, 200, 200]],
  ["see a review", `${s}/review`, {}, [401, 404, 404, 200, 404, 200, 200, 200]],
  [
    "give rubric points for nothing",
    `${s}/rubric/none`,
    { method: "PUT", json: { points: 0 } },
    [401, 404, 404, 404, 404, 422, 422, 422],
  ],
  [
    "adjust points",
    `${s}/adjustments`,
    { json: { points: 100, reason: "r" } },
    [401, 404, 404, 404, 404, 204, 204, 204],
  ],
  [
    "comment on a line",
    `${s}/comments`,
    { json: { path: "echo.py", line: 1, text: "t" } },
    [401, 404, 404, 404, 404, 204, 204, 204],
  ],
  [
    "delete nobody's comment",
    `${s}/comments/${crypto.randomUUID()}`,
    { method: "DELETE" },
    [401, 404, 404, 404, 404, 404, 404, 404],
  ],
  ["see its marking", `${a}/marking`, {}, [401, 404, 404, 404, 404, 200, 200, 200]],
  [
    "deal work out among nobody",
    `${a}/shares`,
    { json: { rule: "equal", graders: [] } },
    [401, 404, 404, 403, 403, 403, 422, 422],
  ],
  [
    "mark as the second person",
    `${s}/second-mark`,
    { method: "PUT", json: { points: {} } },
    [401, 404, 404, 404, 404, 204, 204, 204],
  ],
  [
    "look at another worth of no item",
    `${a}/rubric-worths/preview`,
    { json: { item: "none", points: 100 } },
    [401, 404, 404, 403, 403, 403, 422, 422],
  ],
  [
    "change the worth of no item",
    `${a}/rubric-worths`,
    { json: { item: "none", points: 100, reason: "r" } },
    [401, 404, 404, 403, 403, 403, 422, 422],
  ],
  [
    "undo a change of worth that is none",
    `${a}/rubric-worths`,
    { method: "DELETE" },
    [401, 404, 404, 403, 403, 403, 409, 409],
  ],
  ["see its mistakes", `${a}/mistakes`, {}, [401, 404, 404, 404, 404, 200, 200, 200]],
  [
    "see a group of nobody's",
    `${a}/mistakes/${"a".repeat(16)}`,
    {},
    [401, 404, 404, 404, 404, 404, 404, 404],
  ],
  [
    "look at a comment for a group of nobody's",
    `${a}/mistakes/${"a".repeat(16)}/preview`,
    { json: { kind: "comment", text: "t", path: "echo.py" } },
    [401, 404, 404, 404, 404, 404, 404, 404],
  ],
  [
    "give it",
    `${a}/mistakes/${"a".repeat(16)}/marks`,
    { json: { wish: { kind: "comment", text: "t", path: "echo.py" }, basis: "" } },
    [401, 404, 404, 404, 404, 404, 404, 404],
  ],
  [
    "take nobody's mark back",
    `${a}/group-marks/${crypto.randomUUID()}`,
    { method: "DELETE" },
    [401, 404, 404, 404, 404, 404, 404, 404],
  ],
  ["see how a course goes", `${c}/insight`, {}, [401, 404, 404, 404, 404, 200, 200, 200]],
  ["see how an assignment goes", `${a}/insight`, {}, [401, 404, 404, 404, 404, 200, 200, 200]],
  ["see my notifications", "/me/notifications", {}, [401, 200, 200, 200, 200, 200, 200, 200]],
  [
    "mark them as read",
    "/me/notifications/read",
    { method: "POST" },
    [401, 204, 204, 204, 204, 204, 204, 204],
  ],
  [
    "choose what is mailed",
    "/me/notifications/mail",
    { method: "PUT", json: {} },
    [401, 200, 200, 200, 200, 200, 200, 200],
  ],
  ["choose what counts", `${s}/choose`, { method: "POST" }, [401, 404, 404, 409, 404, 404, 404, 404]],
  ["see groups", `${c}/group-sets`, {}, [401, 404, 404, 200, 200, 200, 200, 200]],
  [
    "make a set of groups",
    `${c}/group-sets`,
    { json: { slug: "pairs", title: "Pairs", mostMembers: 2, formation: "students" } },
    [401, 404, 404, 403, 403, 201, 409, 409],
  ],
  [
    "make a group",
    `${c}/group-sets/pairs/groups`,
    { json: { name: "The first" } },
    [401, 404, 404, 201, 409, 409, 409, 409],
  ],
  [
    "join by a wrong code",
    `${c}/group-sets/pairs/join`,
    { json: { code: "NOBODYS" } },
    [401, 404, 404, 422, 422, 403, 403, 403],
  ],
  [
    "put people into groups",
    `${c}/group-sets/pairs/members`,
    { method: "PUT", json: [] },
    [401, 404, 404, 403, 403, 204, 204, 204],
  ],
  [
    "leave a group",
    `${c}/group-sets/pairs/leave`,
    { method: "POST" },
    [401, 404, 404, 204, 404, 403, 403, 403],
  ],
  [
    "take nobody out of a group",
    `${c}/group-sets/pairs/members/${crypto.randomUUID()}`,
    { method: "DELETE" },
    [401, 404, 404, 403, 403, 404, 404, 404],
  ],
  ["see the comment bank", `${c}/comment-bank`, {}, [401, 404, 404, 403, 403, 200, 200, 200]],
  ["keep a comment", `${c}/comment-bank`, { json: { text: "t" } }, [401, 404, 404, 403, 403, 201, 201, 201]],
  [
    "forget nobody's comment",
    `${c}/comment-bank/${crypto.randomUUID()}`,
    { method: "DELETE" },
    [401, 404, 404, 403, 403, 404, 404, 404],
  ],
  ["claim a submission", `${s}/claim`, { method: "PUT" }, [401, 404, 404, 404, 404, 204, 204, 204]],
  ["give a claim back", `${s}/claim`, { method: "DELETE" }, [401, 404, 404, 404, 404, 204, 204, 204]],
  ["settle flags", `${s}/flags`, { json: { note: "n" } }, [401, 404, 404, 404, 404, 204, 204, 204]],
  ["see one's late days", `${c}/late-days`, {}, [401, 404, 404, 200, 200, 200, 200, 200]],
  ["see what was moved in", `${a}/moved-in`, {}, [401, 404, 404, 403, 403, 403, 200, 200]],
  [
    "move work in from elsewhere that is no ZIP",
    `${a}/moved-in?person=${course.student.id}&receivedAt=2026-01-01T00:00:00Z&origin=canvas:1`,
    { body: Buffer.from("no zip"), type: "application/zip" },
    [401, 404, 404, 403, 403, 403, 422, 422],
  ],
  [
    "look at a download that is no ZIP",
    `${a}/imports`,
    { body: Buffer.from("no zip"), type: "application/zip" },
    [401, 404, 404, 403, 403, 403, 422, 422],
  ],
  ["see an import", i, {}, [401, 404, 404, 404, 404, 404, 200, 200]],
  [
    "have an import carried out that was not seen",
    `${i}/apply`,
    { json: { basis: "another" } },
    [401, 404, 404, 404, 404, 404, 409, 409],
  ],
  ["see everybody's late days", `${c}/late-days/people`, {}, [401, 404, 404, 403, 403, 200, 200, 200]],
  [
    "set a budget of late days",
    `${c}/late-days/budgets/homework`,
    { method: "PUT", json: { days: 2 } },
    [401, 404, 404, 403, 403, 403, 204, 204],
  ],
  [
    "give somebody late days",
    `${c}/late-days/grants`,
    { json: { email: course.other.email, kind: "homework", days: 1, reason: "r" } },
    [401, 404, 404, 403, 403, 403, 204, 204],
  ],
  ["list submissions", `${a}/submissions`, {}, [401, 404, 404, 200, 200, 200, 200, 200]],
  ["list people", "/people", {}, [401, 403, 403, 403, 403, 403, 403, 200]],
  ["change an assignment", a, { method: "PATCH", json: {} }, [401, 404, 404, 403, 403, 403, 200, 200]],
  [
    "grant an extension",
    `${a}/extensions/${course.other.id}`,
    { method: "PUT", json: { dueAt: "2030-01-01T00:00:00Z", reason: "r" } },
    // The course's assignment has no due date: nothing to extend for whoever may.
    [401, 404, 404, 403, 403, 403, 409, 409],
  ],
  [
    "grant extensions to many",
    `${a}/extensions`,
    { json: { reason: "r", people: [{ email: course.other.email, dueAt: "2030-01-01T00:00:00Z" }] } },
    [401, 404, 404, 403, 403, 403, 409, 409],
  ],
  ["see changes of points", `${a}/score-rules`, {}, [401, 404, 404, 404, 404, 200, 200, 200]],
  [
    "preview other points",
    `${a}/score-rules/preview`,
    { json: {} },
    [401, 404, 404, 403, 403, 403, 200, 200],
  ],
  [
    "change points",
    `${a}/score-rules`,
    { json: { rules: {}, reason: "r" } },
    [401, 404, 404, 403, 403, 403, 201, 201],
  ],
  [
    "undo a change of points",
    `${a}/score-rules`,
    { method: "DELETE" },
    [401, 404, 404, 403, 403, 403, 200, 200],
  ],
  ["see the queue for GPUs", `${c}/rota`, {}, [401, 404, 404, 404, 404, 200, 200, 200]],
  [
    "move what does not wait for a GPU",
    `${c}/rota/moves`,
    { json: { attemptId: work.attempt.id, move: "first", reason: "r" } },
    [401, 404, 404, 404, 404, 409, 409, 409],
  ],
  [
    "undo a move that is none",
    `${c}/rota/moves/undo`,
    { method: "POST" },
    [401, 404, 404, 404, 404, 409, 409, 409],
  ],
  ["run the staff's tests", `${s}/staff-tests`, { method: "POST" }, [401, 404, 404, 404, 404, 202, 202, 202]],
  ["see who has an extension", `${a}/extensions`, {}, [401, 404, 404, 404, 404, 200, 200, 200]],
  [
    "see whom one would keep waiting",
    `${a}/extensions/wait?until=2099-01-01T00:00:00Z`,
    {},
    [401, 404, 404, 404, 404, 200, 200, 200],
  ],
  ["see requests for one", `${a}/extension-requests`, {}, [401, 404, 404, 200, 200, 200, 200, 200]],
  [
    "ask for one",
    `${a}/extension-requests`,
    { json: { wantedAt: "2030-01-01T00:00:00Z", reason: "r" } },
    [401, 404, 404, 409, 409, 409, 409, 409],
  ],
  [
    "answer a request of nobody's",
    `/extension-requests/${crypto.randomUUID()}/answer`,
    { json: { until: null } },
    [401, 404, 404, 404, 404, 404, 404, 404],
  ],
  [
    "withdraw a request of nobody's",
    `/extension-requests/${crypto.randomUUID()}`,
    { method: "DELETE" },
    [401, 404, 404, 404, 404, 404, 404, 404],
  ],
  [
    "import a roster",
    `${c}/roster`,
    { body: `email,name\n${course.other.email},x\n`, type: "text/csv" },
    [401, 404, 404, 403, 403, 403, 200, 200],
  ],
  [
    "see what an import would change",
    `${c}/roster/preview`,
    { body: `email,name\n${course.other.email},x\n`, type: "text/csv" },
    [401, 404, 404, 403, 403, 403, 200, 200],
  ],
  [
    "change somebody on the roster",
    `${c}/roster/${course.other.id}`,
    { method: "PUT", json: { role: "student", studentNumber: null, section: "B" } },
    [401, 404, 404, 403, 403, 403, 204, 204],
  ],
  ["see its re-runs", `${a}/reruns`, {}, [401, 404, 404, 403, 403, 200, 200, 200]],
  [
    "see a re-run of nobody's",
    `/reruns/${crypto.randomUUID()}`,
    {},
    [401, 404, 404, 404, 404, 404, 404, 404],
  ],
  ["see a re-run", r, {}, [401, 404, 404, 404, 404, 200, 200, 200]],
  [
    "accept a re-run",
    `${r}/accept`,
    { json: { preview: "", policy: "never_lower" } },
    [401, 404, 404, 404, 404, 403, 409, 409],
  ],
  ["cancel a re-run", `${r}/cancel`, { method: "POST" }, [401, 404, 404, 404, 404, 403, 204, 409]],
  ["follow a re-run", `${r}/events`, {}, [401, 404, 404, 404, 404, 200, 200, 200]],
  ["undo a re-run", `${r}/undo`, { method: "POST" }, [401, 404, 404, 404, 404, 403, 409, 409]],
  [
    "start a re-run",
    `${a}/reruns`,
    { json: { scope: "all", reason: "r" } },
    [401, 404, 404, 403, 403, 403, 201, 200],
  ],
  [
    "grade one submission again",
    `${s}/rerun`,
    { json: { reason: "r" } },
    [401, 404, 404, 403, 404, 201, 200, 200],
  ],
  ["see workers and queues", "/admin/overview", {}, [401, 403, 403, 403, 403, 403, 403, 200]],
  ["see what needs attention", "/admin/attention", {}, [401, 403, 403, 403, 403, 403, 403, 200]],
  ["see the whole log", "/admin/audit", {}, [401, 403, 403, 403, 403, 403, 403, 200]],
  [
    "change a person's rights",
    `/people/${course.other.id}`,
    { method: "PATCH", json: { admin: false } },
    [401, 403, 403, 403, 403, 403, 403, 200],
  ],
  [
    "try a grading again",
    `/attempts/${work.attempt.id}/retry`,
    { method: "POST" },
    [401, 404, 404, 403, 404, 403, 409, 409],
  ],
  [
    "register a suite",
    `${c}/suites`,
    { body: zipOf(suiteFiles), type: "application/zip" },
    [401, 404, 404, 403, 403, 403, 200, 200],
  ],
  ["have a version proved", `${v}/validation`, { method: "POST" }, [401, 404, 404, 404, 404, 403, 200, 200]],
  ["end its proof", `${v}/validation`, { method: "DELETE" }, [401, 404, 404, 404, 404, 403, 200, 409]],
  ["follow its proof", `${v}/events`, {}, [401, 404, 404, 404, 404, 200, 200, 200]],
  ["publish a version", `${v}/publish`, { json: {} }, [401, 404, 404, 404, 404, 403, 200, 200]],
  [
    "hand in",
    `${a}/submissions`,
    { body: echoZip("# everyone\n"), type: "application/zip" },
    [401, 404, 404, 201, 201, 201, 201, 201],
  ],
  [
    "remove nobody from the roster",
    `${c}/roster/${crypto.randomUUID()}`,
    { method: "DELETE" },
    [401, 404, 404, 403, 403, 403, 404, 404],
  ],
];

test.each(rows)("%s", async (_, path, ask, statuses) => {
  const seen: Record<string, number> = {};
  for (const [name, who] of Object.entries(callers)) seen[name] = (await as(server, who, path, ask)).status;
  expect(seen).toEqual(Object.fromEntries(Object.keys(callers).map((name, at) => [name, statuses[at]])));
});

test("courses and people are made by administrators", async () => {
  for (const [name, who] of Object.entries(callers)) {
    const allowed = name === "admin" ? 201 : name === "nobody" ? 401 : 403;
    const slug = newSlug();
    expect([name, (await as(server, who, "/courses", { json: { slug, title: "x" } })).status]).toEqual([
      name,
      allowed,
    ]);
    const person = { email: `${slug}@example.edu`, name: "New" };
    expect([name, (await as(server, who, "/people", { json: person })).status]).toEqual([name, allowed]);
  }
});

test("assignments are made by instructors", async () => {
  const expected: Record<Caller, number> = {
    nobody: 401,
    stranger: 404,
    foreign: 404,
    student: 403,
    other: 403,
    ta: 403,
    instructor: 201,
    admin: 201,
  };
  for (const [name, who] of Object.entries(callers)) {
    const { status } = await as(server, who, `${c}/assignments`, { json: { slug: newSlug(), title: "x" } });
    expect([name, status]).toEqual([name, expected[name as Caller]]);
  }
});

test("a suite of one course grades nothing in another", async () => {
  const wish = { json: { slug: newSlug(), title: "x", suiteVersionId: course.versionId } };
  expect(
    (await as(server, elsewhere.instructor, `/courses/${elsewhere.slug}/assignments`, wish)).status,
  ).toBe(404);
});

test("what students see of an assignment is only theirs", async () => {
  const { body } = await as(server, course.student, `${c}/assignments`);
  expect(body.items.map((item: { slug: string }) => item.slug)).not.toContain("draft");
});

test("every action is refused to whoever is not listed for it", () => {
  for (const [action, { allowed }] of Object.entries(actions)) {
    for (const standing of ["student", "ta", "instructor", "admin"] as const) {
      const listed = (allowed as readonly string[]).includes(standing);
      expect(allows(standing, action as keyof typeof actions)).toBe(listed);
    }
  }
});

test("a token does what it was made for and nothing else", async () => {
  const { services } = server;
  const { issueToken } = await import("../accounts/tokens.ts");
  const tokenOf = async (who: { id: string }, ...scopes: ("read" | "submit" | "manage")[]) =>
    issueToken(services.db, who.id, { name: scopes.join(), scopes, days: 1 });
  const read = await tokenOf(course.instructor, "read");
  const submit = await tokenOf(course.instructor, "submit");
  const zip = { body: echoZip("# scope\n"), type: "application/zip" };
  const code = async (token: { token: string }, path: string, ask?: Ask) => {
    const { status, body } = await as(server, token, path, ask);
    return [status, body.error?.code];
  };
  expect(await code(read, c)).toEqual([200, undefined]);
  expect(await code(read, a, { method: "PATCH", json: {} })).toEqual([403, "insufficient_scope"]);
  expect(await code(read, `${a}/submissions`, zip)).toEqual([403, "insufficient_scope"]);
  expect(await code(submit, `${a}/submissions`, zip)).toEqual([201, undefined]);
  expect(await code(submit, c)).toEqual([403, "insufficient_scope"]);
  expect(await code(submit, s)).toEqual([403, "insufficient_scope"]);
  const adminReads = await tokenOf(course.admin, "read");
  expect(await code(adminReads, "/people")).toEqual([403, "insufficient_scope"]);
});

test("a role that is taken away opens nothing any more", async () => {
  const ta = await somebody(server);
  const csv = `email,name,role\n${ta.email},T,ta\n`;
  await must(as(server, course.instructor, `${c}/roster`, { body: csv, type: "text/csv" }));
  expect((await as(server, ta, `${s}/report`)).status).toBe(200);
  const remove = { method: "DELETE" };
  expect((await as(server, course.instructor, `${c}/roster/${ta.id}`, remove)).status).toBe(204);
  for (const path of [c, a, s, `${s}/report`, `${s}/files`, `${s}/zip`, v, `/attempts/${work.attempt.id}`]) {
    expect([path, (await as(server, ta, path)).status]).toEqual([path, 404]);
  }
});

test("a course keeps an instructor, by removal and by import", async () => {
  const own = elsewhere.instructor;
  const path = `/courses/${elsewhere.slug}/roster`;
  const gone = await as(server, own, `${path}/${own.id}`, { method: "DELETE" });
  expect([gone.status, gone.body.error.code]).toEqual([409, "last_instructor"]);
  const csv = `email,name,role\n${own.email},I,student\n`;
  const demoted = await as(server, own, path, { body: csv, type: "text/csv" });
  expect([demoted.status, demoted.body.error.code]).toEqual([409, "last_instructor"]);
});

test("every look at another's work is in the log, one's own is not", async () => {
  const made = await handIn(server, course.other, course.assignmentId, echoZip("# looked at\n"));
  await as(server, course.other, `/submissions/${made.id}/report`);
  await as(server, course.ta, `/submissions/${made.id}/file?path=echo.py`);
  const { body } = await as(server, course.instructor, `${c}/audit`);
  const looks = body.items.filter((item: { subject: { id: string } }) => item.subject.id === made.id);
  expect(looks).toMatchObject([
    { actorId: course.ta.id, action: "submission.viewed", detail: { what: "file echo.py" } },
  ]);
});

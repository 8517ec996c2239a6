// What Prometheus reads, who may read it, and that the dashboard asks for nothing else.
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { workers } from "../grading/tables.ts";
import { tallied } from "../grading/tally.ts";
import type { Report, TestReport } from "../judge/report.ts";
import { handIn, testCourse } from "./testing/course.ts";
import { begin, finish, reportOf, resultOf } from "./testing/grade.ts";
import { testServer } from "./testing/server.ts";

const server = await testServer();
const course = await testCourse(server);
const TOKEN = "a-token-of-the-tests";
server.services.metrics = { token: TOKEN, local: false };

beforeAll(async () => {
  const done = await handIn(server, course.student, course.assignmentId);
  const token = await begin(server, done.attempt.id);
  await finish(server, token, reportOf([resultOf("test_seen")]).tests);
  await handIn(server, course.other, course.assignmentId);
  await server.owner.db.insert(workers).values({
    ...{ id: crypto.randomUUID(), host: "grading-1", pid: 1, lanes: ["cpu"], slots: 3 },
    detail: {
      ...{ busy: 2, draining: true, ready: 5, suites: 1, acquired: { warm: 90, cold: 10 } },
      tally: { outcomes: { passed: 7, timeout: 2, infrastructure: 1 }, seconds: 12.5 },
      gpu: {
        devices: [{ place: { state: "free" } }, { place: { state: "free" } }, { place: { state: "out" } }],
      },
    },
  });
  // A worker that tells nothing, and one of an older version that tells something else.
  await server.owner.db.insert(workers).values([
    { id: crypto.randomUUID(), host: "grading-2", pid: 1, lanes: ["cpu"], slots: 1, detail: {} },
    {
      id: crypto.randomUUID(),
      host: "grading-3",
      pid: 1,
      lanes: ["cpu"],
      slots: 1,
      detail: { busy: "two", acquired: 5 },
    },
  ]);
});

async function scrape(): Promise<string> {
  const answer = await server.app.request("/metrics", { headers: { authorization: `Bearer ${TOKEN}` } });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([
    200,
    expect.stringContaining("text/plain"),
  ]);
  return answer.text();
}
/** The samples of a metric: its labels but for the worker's id, and its value. */
const samples = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, "gm"))].map(
    ([, labels = "", value]) => `${labels.replace(/,?worker="[^"]*"/, "")} ${value}`,
  );

test("the queue: what waits, what runs, how long it took", async () => {
  const text = await scrape();
  expect(samples(text, "assay_queue_waiting")).toEqual([
    'lane="cpu",kind="live" 1',
    'lane="cpu",kind="batch" 0',
  ]);
  expect(samples(text, "assay_queue_running")).toEqual(['lane="cpu" 0']);
  expect(samples(text, "assay_wait_seconds")).toHaveLength(2);
  expect(samples(text, "assay_run_seconds").every((one) => Number(one.split(" ")[1]) >= 0)).toBe(true);
});

test("the workers: attempts by verdict, hits of the pool, devices", async () => {
  const text = await scrape();
  expect(samples(text, "assay_attempts_total")).toEqual([
    'host="grading-1",verdict="passed" 7',
    'host="grading-1",verdict="timeout" 2',
    'host="grading-1",verdict="infrastructure" 1',
  ]);
  expect(samples(text, "assay_sandboxes_taken_total")).toEqual([
    'host="grading-1",kind="warm" 90',
    'host="grading-1",kind="cold" 10',
  ]);
  expect(samples(text, "assay_devices")).toEqual([
    'host="grading-1",state="free" 2',
    'host="grading-1",state="out" 1',
  ]);
  expect(samples(text, "assay_worker_slots")).toHaveLength(3);
  expect(samples(text, "assay_worker_draining")).toContain('host="grading-1" 1');
});

test("requests are timed by kind, and no address of anybody's is a label", async () => {
  await server.app.request(`/api/v1/courses/${course.slug}`);
  const text = await scrape();
  expect(text).toMatch(/assay_http_request_seconds_count\{method="GET",kind="api",status="4xx"\} \d/);
  for (const private_ of [course.slug, course.student.email, course.assignmentId])
    expect(text).not.toContain(private_);
});

test.each([
  ["nobody", {}],
  ["a wrong token", { authorization: "Bearer wrong" }],
  ["a token of the same length", { authorization: `Bearer ${"x".repeat(TOKEN.length)}` }],
  ["an administrator's API token", { authorization: `Bearer ${course.admin.token}` }],
])("%s reads nothing", async (_, headers) => {
  const answer = await server.app.request("/metrics", { headers });
  expect([answer.status, (await answer.text()).includes("assay_queue")]).toEqual([404, false]);
});

test("without a token nobody reads from elsewhere", async () => {
  for (const metrics of [
    { token: undefined, local: true },
    { token: undefined, local: false },
  ]) {
    server.services.metrics = metrics;
    // `app.request` has no socket, so no address of this machine.
    expect((await server.app.request("/metrics")).status).toBe(404);
  }
  server.services.metrics = { token: TOKEN, local: false };
});

test("a worker counts its gradings by the verdict that says most", async () => {
  const report = (...words: TestReport["verdict"][]) =>
    ({ tests: words.map((verdict) => ({ verdict })) }) as unknown as Report;
  const answers = [report("passed", "passed"), report("passed", "failed", "timeout"), report(), null];
  const { grade, tally } = tallied(async () => {
    const next = answers.shift();
    if (!next) throw new Error("the engine is gone");
    return next;
  });
  for (let i = 0; i < 4; i++) await grade(null as never, null as never).catch(() => {});
  expect(tally.outcomes).toEqual({ passed: 1, timeout: 1, none: 1, infrastructure: 1 });
});

test("every expression of the dashboard names metrics and labels that there are", async () => {
  const text = await scrape();
  const dashboard = readFileSync(new URL("../../deploy/grafana/assay.json", import.meta.url), "utf8");
  const exprs = [...dashboard.matchAll(/"expr": "((?:[^"\\]|\\.)*)"/g)].map(
    ([, expr]) => JSON.parse(`"${expr}"`) as string,
  );
  expect(exprs.length).toBeGreaterThan(10);
  for (const expr of exprs) {
    const names = expr.match(/\bassay_\w+/g) ?? [];
    expect([expr, names.length > 0]).toEqual([expr, true]);
    for (const name of names)
      expect([expr, name, samples(text, name).length > 0]).toEqual([expr, name, true]);
    const labels = [...expr.matchAll(/by \(([^)]*)\)/g)]
      .flatMap(([, list]) => list!.split(/, */))
      .filter((one) => one !== "le");
    for (const label of labels)
      expect([expr, label, text.includes(`${label}="`)]).toEqual([expr, label, true]);
  }
});

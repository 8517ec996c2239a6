// Rosters and suites through the API.
import { expect, test } from "vitest";
import { must, publishedVersion, suiteFiles, testCourse, zipOf } from "./testing/course.ts";
import { as, somebody, testServer } from "./testing/server.ts";

const server = await testServer();
const course = await testCourse(server);
const { admin, instructor, ta } = course;
const roster = `/courses/${course.slug}/roster`;
const importCsv = (csv: string | Buffer, who = instructor) =>
  as(server, who, roster, { body: csv, type: "text/csv" });
const rows = async () => (await must(as(server, instructor, roster))).items;
const rowOf = async (email: string) => (await rows()).find((row: { email: string }) => row.email === email);

test("a GBK roster makes people and entries; a second import changes nothing", async () => {
  // 邮箱,姓名,学号 / wang@example.edu,王五,2024007
  const gbk = Buffer.from(
    "d3cacfe42cd0d5c3fb2cd1a7bac50a77616e67406578616d706c652e6564752ccdf5cee52c323032343030370a",
    "hex",
  );
  const first = await importCsv(gbk);
  expect(first.body).toMatchObject({
    created: 1,
    added: 1,
    changed: 0,
    encoding: "gb18030",
    invitations: [],
  });
  expect(await rowOf("wang@example.edu")).toMatchObject({
    name: "王五",
    role: "student",
    studentNumber: "2024007",
  });
  expect((await importCsv(gbk)).body).toMatchObject({ created: 0, added: 0, changed: 0, unchanged: 1 });
});

test("a roster without roles leaves staff what they are", async () => {
  await importCsv(`email,name,section\n${ta.email},Whoever,B\n`);
  expect(await rowOf(ta.email)).toMatchObject({ role: "ta", section: "B", name: ta.name });
});

test("one bad row and nothing is imported, each problem named in both languages", async () => {
  const before = await rows();
  const refused = await importCsv("email,name\nnew1@example.edu,New\nbroken,X\n");
  expect([refused.status, refused.body.error.code]).toEqual([422, "bad_roster"]);
  expect(refused.body.error.message).toContain("Line 3");
  expect(await rows()).toEqual(before);
});

test("somebody else's student number is refused", async () => {
  await importCsv("email,name,sid\nfirst@example.edu,F,77\n");
  const refused = await importCsv("email,name,sid\nsecond@example.edu,S,77\n");
  expect([refused.status, refused.body.error.code]).toEqual([422, "bad_roster"]);
  expect(await rowOf("second@example.edu")).toBeUndefined();
});

test("links to set a password go to administrators only, and only for people who are new", async () => {
  const byAdmin = await importCsv(`email,name\nfresh@example.edu,F\n${ta.email},T\n`, admin);
  expect(byAdmin.body.invitations.map((each: { email: string }) => each.email)).toEqual([
    "fresh@example.edu",
  ]);
  const byInstructor = await importCsv("email,name\nfresh2@example.edu,F\n");
  expect(byInstructor.body).toMatchObject({ created: 1, invitations: [] });
});

test("a roster of too many bytes is refused", async () => {
  const refused = await importCsv(`email,name\n${"x".repeat(2 * 1024 * 1024)}`);
  expect([refused.status, refused.body.error.code]).toEqual([413, "roster_too_large"]);
});

const suites = `/courses/${course.slug}/suites`;
const register = (files: Record<string, string>) =>
  as(server, instructor, suites, { body: zipOf(files), type: "application/zip" });

test("the same files are the same version, others the next; secrets stay inside", async () => {
  const again = await register(suiteFiles);
  expect([again.status, again.body.id]).toEqual([200, course.versionId]);
  const wrapped = await register(
    Object.fromEntries(Object.entries(suiteFiles).map(([path, text]) => [`w/${path}`, text])),
  );
  expect(wrapped.body.id).toBe(course.versionId);
  const next = await register({ ...suiteFiles, "tests/test_more.py": "# more\n" });
  expect(next).toMatchObject({ status: 201, body: { number: 2, state: "registered" } });
  const whole = await must(as(server, instructor, `/suite-versions/${next.body.id}`));
  expect(Object.keys(whole)).not.toContain("secret");
});

test("a suite that cannot be used is refused with file, line and key", async () => {
  const refused = await register({ ...suiteFiles, "grader.yaml": "id: echo\ntitle: T\nlimitz: 3\n" });
  expect([refused.status, refused.body.error.code]).toEqual([422, "bad_suite"]);
  expect(refused.body.error.message).toContain("grader.yaml");
  expect(refused.body.error.message).toContain("limitz");
});

test("only what is proved is published, or what somebody answers for", async () => {
  const made = (await register({ ...suiteFiles, "tests/test_b.py": "# b\n" })).body;
  const at = `/suite-versions/${made.id}`;
  const publish = (json: object) => as(server, instructor, `${at}/publish`, { json });
  const prove = (method: string) => as(server, instructor, `${at}/validation`, { method });
  expect((await publish({})).body.error.code).toBe("not_proved");
  expect((await prove("DELETE")).body.error.code).toBe("no_proof_running");
  expect((await prove("POST")).body).toMatchObject({ state: "validating" });
  expect((await publish({})).body.error.code).toBe("not_proved");
  expect((await prove("DELETE")).body).toMatchObject({ state: "registered" });
  const said = await publish({ unproved: "a pilot, graded by hand as well" });
  expect(said.body).toMatchObject({ state: "published", unprovedReason: "a pilot, graded by hand as well" });
  const log = await must(as(server, instructor, `/courses/${course.slug}/audit`));
  const entry = log.items.find((each: { action: string }) => each.action === "suite.published");
  expect(entry).toMatchObject({
    actorId: instructor.id,
    detail: { unproved: "a pilot, graded by hand as well" },
  });
});

test("nobody sends us a proof of their own making", async () => {
  const made = (await register({ ...suiteFiles, "tests/test_d.py": "# d\n" })).body;
  const sent = await as(server, instructor, `/suite-versions/${made.id}/proof`, {
    method: "PUT",
    json: { proof: { ok: true, hash: made.hash, problems: [] }, tests: [] },
  });
  expect(sent.status).toBe(404);
});

test("an assignment opens only with a published version", async () => {
  const made = (await register({ ...suiteFiles, "tests/test_c.py": "# c\n" })).body;
  const make = (json: object) => as(server, instructor, `/courses/${course.slug}/assignments`, { json });
  const wish = { slug: "unproved", title: "U", suiteVersionId: made.id };
  expect((await make(wish)).body.error.code).toBe("suite_not_published");
  expect((await make({ slug: "bare", title: "B", state: "open" })).body.error.code).toBe("suite_needed");
  const crossed = { slug: "x", title: "X", opensAt: "2026-02-01T00:00:00Z", dueAt: "2026-01-01T00:00:00Z" };
  expect((await make(crossed)).body.error.code).toBe("dates_crossed");
  const twice = { slug: "twice", title: "T" };
  expect((await make(twice)).status).toBe(201);
  expect((await make(twice)).body.error.code).toBe("assignment_exists");
});

test("an assignment is found by id and by its short names, and shows what concerns the viewer", async () => {
  const version = await publishedVersion(server, instructor, course.slug, {
    ...suiteFiles,
    "tests/test_d.py": "#\n",
  });
  const json = { slug: "named", title: "N", state: "open", suiteVersionId: version, attemptsTotal: 3 };
  const made = await must(as(server, instructor, `/courses/${course.slug}/assignments`, { json }));
  const byName = await must(as(server, course.student, `/assignments/${course.slug}.named`));
  expect(byName).toMatchObject({
    id: made.id,
    attemptsLeft: 3,
    files: { required: ["echo.py"] },
    uploadLimitBytes: 1_000_000,
  });
  const changed = await must(
    as(server, instructor, `/assignments/${made.id}`, { method: "PATCH", json: { state: "closed" } }),
  );
  expect(changed).toMatchObject({ state: "closed", attemptsTotal: 3 });
});

test("the document lists every route, and its pages load nothing from elsewhere", async () => {
  // biome-ignore lint/suspicious/noExplicitAny: the test looks into it
  const document: any = await (await server.app.request("/api/openapi.json")).json();
  expect(Object.keys(document.paths)).toContain("/api/v1/assignments/{assignment}/submissions");
  const routes = server.app.routes.filter(
    ({ method, path }) => method !== "ALL" && path.startsWith("/api/v1/"),
  );
  for (const { method, path } of routes) {
    const documented = document.paths[path.replaceAll(/:(\w+)/g, "{$1}")]?.[method.toLowerCase()];
    expect([path, method, documented?.summary]).toEqual([path, method, expect.any(String)]);
  }
  const page = await (await server.app.request("/api/docs")).text();
  expect(page).not.toMatch(/https?:\/\//);
  for (const [, file] of page.matchAll(/(?:src|href)="docs\/([^"]+)"/g)) {
    expect([file, (await server.app.request(`/api/docs/${file}`)).status]).toEqual([file, 200]);
  }
});

test("the server says whether it lives and whether it can work", async () => {
  for (const path of ["/healthz", "/readyz"]) expect((await server.app.request(path)).status).toBe(200);
});

test("whoever is in no course sees none", async () => {
  expect((await must(as(server, await somebody(server), "/courses"))).items).toEqual([]);
  expect((await must(as(server, course.student, "/courses"))).items).toMatchObject([
    { slug: course.slug, role: "student" },
  ]);
});

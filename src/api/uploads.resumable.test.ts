// Uploads in parts: what the protocol promises, and what it must not open.
import { createHash, randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { sessionViewer } from "../accounts/viewer.ts";
import { changeAssignment } from "../assignments/assignments.ts";
import { finishLeftUploads } from "../submissions/finish-left.ts";
import { resumableFolder, sweepUploads } from "../submissions/resumable.ts";
import { resumableUploads, submissions, uploadClaims } from "../submissions/tables.ts";
import { testCourse, zipOf } from "./testing/course.ts";
import { as, type TestPerson, testServer } from "./testing/server.ts";

const server = await testServer();
const course = await testCourse(server);
const { db, uploads } = server.services;
const { student, other, stranger, ta } = course;
const base = `/assignments/${course.assignmentId}/uploads`;

const newZip = () => zipOf({ "echo.py": `# ${crypto.randomUUID()}\n`, "noise.bin": randomBytes(50_000) });
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const base64 = (text: string) => Buffer.from(text).toString("base64");
const tus = { "tus-resumable": "1.0.0" };

interface Said {
  length?: string;
  sha256?: string;
  more?: Record<string, string>;
  query?: string;
}
const begin = (who: TestPerson, bytes: Buffer, said: Said = {}) =>
  as(server, who, `${base}${said.query ?? ""}`, {
    method: "POST",
    headers: {
      ...tus,
      "upload-length": said.length ?? String(bytes.length),
      "upload-metadata": `filename ${base64("big.zip")},sha256 ${base64(said.sha256 ?? sha256(bytes))}`,
      ...said.more,
    },
  });
const part = (who: TestPerson, path: string, offset: number, bytes: Buffer) =>
  as(server, who, path, {
    method: "PATCH",
    body: bytes,
    type: "application/offset+octet-stream",
    headers: { ...tus, "upload-offset": String(offset) },
  });
const ask = (who: TestPerson, path: string, method: string) =>
  as(server, who, path, { method, headers: tus });
const placeOf = ({ headers }: { headers: Headers }) => headers.get("location")!.replace("/api/v1", "");
const codeOf = ({ status, body }: { status: number; body: { error?: { code: string } } }) => [
  status,
  body.error?.code,
];
const left = () => readdir(resumableFolder(uploads)).catch(() => []);
const countOf = (who: TestPerson) => db.$count(submissions, eq(submissions.personId, who.id));

beforeAll(async () => {
  // Lateness is not what these are about, but where they say so.
  await changeAssignment(db, sessionViewer(course.instructor), course.assignmentId, { attemptsTotal: null });
});

test("in two parts it becomes one submission, which counts at its claim", async () => {
  const zip = newZip();
  const begun = await begin(student, zip);
  expect(begun.status).toBe(201);
  const place = placeOf(begun);
  const first = await part(student, place, 0, zip.subarray(0, 20_000));
  expect([first.status, first.headers.get("upload-offset")]).toEqual([204, "20000"]);
  expect((await ask(student, place, "HEAD")).headers.get("upload-offset")).toBe("20000");
  const last = await part(student, place, 20_000, zip.subarray(20_000));
  expect(last).toMatchObject({ status: 200, body: { name: "big.zip", bytes: zip.length, repeated: false } });
  const [row] = await db.select().from(submissions).where(eq(submissions.id, last.body.id));
  const [claim] = await db.select().from(uploadClaims).where(eq(uploadClaims.submissionId, last.body.id));
  expect(row!.originalBlob).toBe(sha256(zip));
  expect(row!.receivedAt).toEqual(claim!.claimedAt);
  expect(row!.completedAt > row!.receivedAt).toBe(true);
  expect(await left()).toEqual([]);
});

test("whoever missed the answer asks again, by every verb, and it stays one submission", async () => {
  const zip = newZip();
  const place = placeOf(await begin(student, zip));
  const before = await countOf(student);
  const answers = await Promise.all([
    part(student, place, 0, zip),
    (async () => {
      await expect
        .poll(async () => (await ask(student, place, "HEAD")).headers.get("upload-offset"))
        .toBe(String(zip.length));
      return as(server, student, `${place}/submission`, { method: "POST" });
    })(),
  ]);
  const again = [
    await as(server, student, `${place}/submission`, { method: "POST" }),
    await part(student, place, zip.length, Buffer.alloc(0)),
  ];
  const ids = [...answers, ...again].map(({ body }) => body.id);
  expect(new Set(ids).size).toBe(1);
  expect(await countOf(student)).toBe(before + 1);
  const state = await as(server, student, place);
  expect(state.body).toMatchObject({ receivedBytes: zip.length, submissionId: ids[0] });
  expect((await ask(student, place, "HEAD")).headers.get("upload-offset")).toBe(String(zip.length));
});

test("another's upload is not there, whatever is done to it", async () => {
  const zip = newZip();
  const place = placeOf(await begin(student, zip));
  await part(student, place, 0, zip.subarray(0, 1000));
  for (const who of [other, stranger, ta, course.instructor, course.admin]) {
    const tries = [
      await as(server, who, place),
      await ask(who, place, "HEAD"),
      await part(who, place, 1000, zip.subarray(1000)),
      await ask(who, place, "DELETE"),
      await ask(who, `${place}/submission`, "POST"),
    ];
    expect(tries.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
  }
  expect((await ask(student, place, "HEAD")).headers.get("upload-offset")).toBe("1000");
  expect((await ask(student, place, "DELETE")).status).toBe(204);
  expect((await ask(student, place, "HEAD")).status).toBe(404);
  expect(await left()).toEqual([]);
});

test("nobody from outside begins one, and a token for reading sends nothing", async () => {
  expect((await begin(stranger, newZip())).status).toBe(404);
  expect((await as(server, null, base, { method: "POST", headers: tus })).status).toBe(401);
  const { issueToken } = await import("../accounts/tokens.ts");
  const reads = await issueToken(db, student.id, { name: "r", scopes: ["read"], days: 1 });
  const place = placeOf(await begin(student, newZip()));
  expect((await ask({ ...student, ...reads }, place, "HEAD")).status).toBe(403);
  await ask(student, place, "DELETE");
});

test.each([
  ["a negative length", { length: "-1" }, 400, "upload_impossible"],
  ["no bytes", { length: "0" }, 400, "upload_impossible"],
  ["a length that is none", { length: "1e3" }, 400, "upload_impossible"],
  ["a length beyond all numbers", { length: "9".repeat(30) }, 400, "upload_impossible"],
  ["a length that comes later", { more: { "upload-defer-length": "1" } }, 400, "upload_impossible"],
  ["a part of a concatenation", { more: { "upload-concat": "partial" } }, 400, "upload_impossible"],
  ["a concatenation", { more: { "upload-concat": "final;/api/v1/uploads/a" } }, 400, "upload_impossible"],
  ["more than the suite takes", { length: "1000001" }, 413, "claim_too_large"],
  ["a hash that is none", { sha256: "../../etc/passwd" }, 422, "invalid"],
  ["another protocol", { more: { "tus-resumable": "0.2.0" } }, 400, "upload_protocol"],
] as [string, Said, number, string][])(
  "%s is refused, and nothing is reserved",
  async (_, said, status, code) => {
    expect(codeOf(await begin(student, newZip(), said))).toEqual([status, code]);
    expect(await db.$count(resumableUploads, sql`${resumableUploads.submissionId} is null`)).toBe(0);
    expect(await left()).toEqual([]);
  },
);

test("bytes past the announced size, at a wrong place or of a wrong type change nothing", async () => {
  const zip = newZip();
  const place = placeOf(await begin(student, zip));
  const long = Buffer.concat([zip, Buffer.alloc(10)]);
  expect((await part(student, place, 0, long)).status).toBe(413);
  expect((await part(student, place, 7, zip.subarray(7))).status).toBe(409);
  expect((await part(student, place, -1, zip)).status).toBe(400);
  const headers = { ...tus, "upload-offset": "0" };
  const plain = await as(server, student, place, { method: "PATCH", body: zip, type: "text/plain", headers });
  expect(plain.status).toBe(400);
  expect((await ask(student, place, "HEAD")).headers.get("upload-offset")).toBe("0");
  expect(codeOf(await as(server, student, `${place}/submission`, { method: "POST" }))).toEqual([
    409,
    "upload_unfinished",
  ]);
  await ask(student, place, "DELETE");
});

test("what an id may not name is not there", async () => {
  for (const id of ["..%2f..%2fetc%2fpasswd", "..", crypto.randomUUID(), "a%00b"]) {
    expect([404, 422]).toContain((await ask(student, `/uploads/${id}`, "HEAD")).status);
    expect((await part(student, `/uploads/${id}`, 0, newZip())).status).toBe(404);
    expect((await ask(student, `/uploads/${id}`, "DELETE")).status).toBe(404);
  }
});

test("one that expired is gone, and is swept with its bytes", async () => {
  const zip = newZip();
  const begun = await begin(student, zip);
  const place = placeOf(begun);
  await part(student, place, 0, zip.subarray(0, 1000));
  const id = place.split("/").at(-1)!;
  await db.update(resumableUploads).set({ expiresAt: sql`now()` }).where(eq(resumableUploads.id, id));
  expect(codeOf(await part(student, place, 1000, zip.subarray(1000)))).toEqual([410, "upload_expired"]);
  expect((await left()).length).toBe(1);
  expect(await sweepUploads(db, uploads)).toBeGreaterThan(0);
  expect(await left()).toEqual([]);
  expect((await ask(student, place, "HEAD")).status).toBe(404);
});

test("a fourth at once ends the oldest of that person, and of nobody else", async () => {
  const place = placeOf(await begin(other, newZip()));
  const mine: string[] = [];
  for (let n = 0; n < 4; n++) mine.push(placeOf(await begin(student, newZip())));
  const states = await Promise.all(mine.map(async (one) => (await ask(student, one, "HEAD")).status));
  expect(states).toEqual([404, 200, 200, 200]);
  expect((await ask(other, place, "HEAD")).status).toBe(200);
  for (const one of mine.slice(1)) await ask(student, one, "DELETE");
  await ask(other, place, "DELETE");
});

test("bytes that nobody can place on the disk are refused before they are sent", async () => {
  const wish = { assignmentId: course.assignmentId, personId: other.id, name: "x" };
  const expiresAt = sql`now() + interval '1 hour'`;
  const [huge] = await db
    .insert(resumableUploads)
    .values({ ...wish, bytes: 2 ** 50, expiresAt })
    .returning();
  expect(codeOf(await begin(student, newZip()))).toEqual([503, "no_room"]);
  await db.delete(resumableUploads).where(eq(resumableUploads.id, huge!.id));
});

test("an archive that is refused uses nothing up, and its sender may end it", async () => {
  const broken = Buffer.from(`no ZIP ${crypto.randomUUID()}`);
  const before = await countOf(student);
  const place = placeOf(await begin(student, broken));
  const refused = await part(student, place, 0, broken);
  expect(refused.status).toBe(422);
  expect(await countOf(student)).toBe(before);
  expect((await ask(student, place, "DELETE")).status).toBe(204);
  expect(await left()).toEqual([]);
});

test("bytes that were not claimed count at their last", async () => {
  const zip = newZip();
  const place = placeOf(await begin(student, zip, { sha256: sha256(Buffer.from("other")) }));
  const { body } = await part(student, place, 0, zip);
  const [row] = await db.select().from(submissions).where(eq(submissions.id, body.id));
  expect(row!.receivedAt).toEqual(row!.completedAt);
});

test("what the server had whole when it died is handed in when it is back, at the moment of its last byte", async () => {
  const zip = newZip();
  const place = placeOf(await begin(other, zip));
  const id = place.split("/").at(-1)!;
  await part(other, place, 0, zip.subarray(0, zip.length - 1));
  const { appendFile } = await import("node:fs/promises");
  await appendFile(`${resumableFolder(uploads)}/${id}`, zip.subarray(zip.length - 1));
  expect(await finishLeftUploads(server.services)).toBe(0);
  const long = sql`now() - interval '10 minutes'`;
  await db.update(resumableUploads).set({ createdAt: long }).where(eq(resumableUploads.id, id));
  expect(await finishLeftUploads(server.services)).toBe(1);
  expect(await finishLeftUploads(server.services)).toBe(0);
  const state = await as(server, other, place);
  expect(state.body.submissionId).toMatch(/^[0-9a-f-]{36}$/);
});

test("lateness has to be agreed to once, when it is begun", async () => {
  const instructor = sessionViewer(course.instructor);
  const dueAt = new Date(Date.now() - 60_000);
  await changeAssignment(db, instructor, course.assignmentId, {
    dueAt,
    graceSeconds: 0,
    latePercentPerDay: 10,
    lateLastDay: 3,
  });
  // Bytes that were claimed in time and are still awaited would be let in.
  await db.delete(uploadClaims);
  const zip = newZip();
  expect(codeOf(await begin(student, zip))).toEqual([409, "late_not_accepted"]);
  const place = placeOf(await begin(student, zip, { query: "?acceptLate=1" }));
  expect((await part(student, place, 0, zip)).status).toBe(200);
});

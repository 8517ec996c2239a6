// Uploads that go wrong on the way: refused in words, and nothing of them stays.
import { once } from "node:events";
import { mkdir, readdir } from "node:fs/promises";
import { request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { json } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { createAdaptorServer } from "@hono/node-server";
import { expect, test } from "vitest";
import { until } from "../../test/support/until.ts";
import { submissions } from "../submissions/tables.ts";
import { echoZip, testCourse } from "./testing/course.ts";
import { as, testServer } from "./testing/server.ts";

const server = await testServer();
const course = await testCourse(server);
const path = `/assignments/${course.assignmentId}/submissions`;
await mkdir(server.services.uploads, { recursive: true });

type Source = (controller: ReadableStreamDefaultController<Uint8Array>, n: number) => void;

/** Sends a body piece by piece, without saying how long it is. */
async function stream(type: string, pull: Source) {
  let n = 0;
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => pull(controller, n++) });
  const response = await server.app.request(`/api/v1${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${course.student.token}`, "content-type": type },
    body,
    duplex: "half",
  } as RequestInit);
  return {
    status: response.status,
    code: ((await response.json()) as { error: { code: string } }).error?.code,
    pieces: n,
  };
}
const left = () => readdir(server.services.uploads);

test("a body without an announced length is stopped at the limit, not after it", async () => {
  const megabyte = new Uint8Array(256 * 1024);
  const answer = await stream("application/zip", (controller, n) =>
    n < 400 ? controller.enqueue(megabyte) : controller.close(),
  );
  expect(answer).toMatchObject({ status: 413, code: "too_large" });
  expect(answer.pieces).toBeLessThan(20);
  expect(await left()).toEqual([]);
});

test("a sender that breaks off leaves nothing", async () => {
  const answer = await stream("application/zip", (controller, n) => {
    if (n < 3) controller.enqueue(new Uint8Array(1000));
    else controller.error(new DOMException("gone", "AbortError"));
  });
  expect(answer).toMatchObject({ status: 408, code: "upload_stalled" });
  expect(await left()).toEqual([]);
});

test("a form that ends in the middle of its file leaves nothing", async () => {
  const text = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\nPK';
  const answer = await stream("multipart/form-data; boundary=b", (controller, n) =>
    n === 0 ? controller.enqueue(Buffer.from(text)) : controller.close(),
  );
  expect(answer).toMatchObject({ status: 408, code: "upload_stalled" });
  expect(await left()).toEqual([]);
});

test.each([
  ["a form without a file", "multipart/form-data; boundary=b", "--b--\r\n", 415, "not_an_upload"],
  ["a form without a boundary", "multipart/form-data", "x", 400, "malformed"],
  ["a body without a type", "", "PK", 415, "not_an_upload"],
])("%s is refused", async (_, type, text, status, code) => {
  const answer = await as(server, course.student, path, { body: Buffer.from(text), type });
  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
});

test("an announced length over the limit is refused before a byte is read", async () => {
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({ pull: () => void pulled++ }, { highWaterMark: 0 });
  const response = await server.app.request(`/api/v1${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${course.student.token}`,
      "content-type": "application/zip",
      "content-length": "50000000",
    },
    body,
    duplex: "half",
  } as RequestInit);
  expect([response.status, pulled]).toEqual([413, 0]);
});

test("a fifth upload at once is refused; the four are not disturbed", async () => {
  const gate = Promise.withResolvers<void>();
  const zip = echoZip("# slow\n");
  const slow = () =>
    stream("application/zip", async (controller, n) => {
      if (n === 0) return controller.enqueue(zip.subarray(0, 10));
      await gate.promise;
      controller.enqueue(zip.subarray(10));
      controller.close();
    });
  const four = [slow(), slow(), slow(), slow()];
  await expect.poll(async () => (await left()).length).toBe(4);
  const fifth = await as(server, course.student, path, { body: zip, type: "application/zip" });
  expect([fifth.status, fifth.body.error.code]).toEqual([429, "too_many_uploads"]);
  gate.resolve();
  const answers = await Promise.all(four);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
  expect(await server.services.db.$count(submissions)).toBe(1);
  expect(await left()).toEqual([]);
});

test.each([
  ["../../etc/passwd", "passwd"],
  ["C:\\homework\\hw1.zip", "hw1.zip"],
  ["a\u202egpj.zip", "agpj.zip"],
  ["line\r\nbreak.zip", "linebreak.zip"],
  ["", "submission.zip"],
])("the name %j is kept as %j", async (given, kept) => {
  const zip = { body: echoZip(`# ${given}\n`), type: "application/zip" };
  const made = await as(server, course.student, `${path}?name=${encodeURIComponent(given)}`, zip);
  expect(made.body.name).toBe(kept);
});

/** As the same body comes over a real connection: how the answer and the connection end. */
async function send(pieces: Iterable<Buffer>, breakOff = false) {
  const http = createAdaptorServer({ fetch: server.app.fetch }) as Server;
  await once(http.listen(0, "127.0.0.1"), "listening");
  const { port } = http.address() as AddressInfo;
  const headers = { authorization: `Bearer ${course.student.token}`, "content-type": "application/zip" };
  const sending = request({ port, path: `/api/v1${path}`, method: "POST", headers });
  const answered = new Promise<{ status: number | "broken"; body: unknown }>((resolve) => {
    sending.on("response", async (response) => {
      resolve({ status: response.statusCode ?? 0, body: await json(response).catch(() => null) });
    });
    // Also what is still on its way when the answer has come may find the connection closed.
    sending.on("error", () => resolve({ status: "broken", body: null }));
  });
  await pipeline(Readable.from(pieces), sending, { end: !breakOff }).catch(() => {});
  if (breakOff) sending.destroy();
  const answer = await answered;
  http.closeAllConnections();
  await promisify(http.close.bind(http))();
  return answer;
}

test("over a real connection: what is whole is taken, what is too long is told so, what breaks off leaves nothing", async () => {
  const zip = echoZip("# over a connection\n");
  expect(await send([zip])).toMatchObject({ status: 201 });
  const long = { status: 413, body: { error: { code: "too_large" } } };
  expect(await send(Array.from({ length: 40 }, () => Buffer.alloc(100_000)))).toMatchObject(long);
  expect(await send([zip.subarray(0, 100)], true)).toEqual({ status: "broken", body: null });
  await until("nothing is left", async () => (await left()).length === 0);
});

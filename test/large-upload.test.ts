// 500 MB over a line that breaks: the command line goes on where it was, what arrives is what was sent, its checkpoint's
// header is looked at, and the server's memory does not follow the size.
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import type { Server } from "node:http";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { createAdaptorServer } from "@hono/node-server";
import { eq } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import yazl from "yazl";
import { sessionViewer } from "../src/accounts/viewer.ts";
import { publishedVersion, testCourse } from "../src/api/testing/course.ts";
import { testServer } from "../src/api/testing/server.ts";
import { changeAssignment } from "../src/assignments/assignments.ts";
import { submissions } from "../src/submissions/tables.ts";

const MB = 1_000_000;
const CHECKPOINT_BYTES = 500 * MB;
/** Where the line breaks, counted over all connections. */
const BREAKS_AT = [30 * MB, 200 * MB, 420 * MB];

const server = await testServer();
const course = await testCourse(server);
const folder = await mkdtemp(join(tmpdir(), "assay-large-"));
const http = createAdaptorServer({ fetch: server.app.fetch }) as Server;
http.listen(0, "127.0.0.1");
await once(http, "listening");
afterAll(async () => {
  http.closeAllConnections();
  http.close();
  await rm(folder, { recursive: true, force: true });
});

/** A checkpoint that says what it is: one array, each megabyte of it different. */
async function checkpoint(path: string): Promise<void> {
  const tensor = { dtype: "U8", shape: [CHECKPOINT_BYTES], data_offsets: [0, CHECKPOINT_BYTES] };
  const header = Buffer.from(JSON.stringify({ weights: tensor }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const block = randomBytes(MB);
  const file = await open(path, "w");
  try {
    await file.write(Buffer.concat([length, header]));
    for (let n = 0; n < CHECKPOINT_BYTES / MB; n++) {
      block.writeUInt32LE(n, 0);
      await file.write(block);
    }
  } finally {
    await file.close();
  }
}

async function zipped(files: Record<string, string>): Promise<string> {
  const zip = new yazl.ZipFile();
  for (const [name, path] of Object.entries(files)) zip.addFile(path, name, { compress: false });
  zip.addBuffer(Buffer.from("def echo(x):\n    return x\n"), "echo.py");
  zip.end();
  const path = join(folder, "work.zip");
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

async function hashOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest("hex");
}

/** A line in front of the server that is cut each time so much went over it. */
async function breakingLine(target: number) {
  const breaks = [...BREAKS_AT];
  let carried = 0;
  let cuts = 0;
  const line = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    const end = () => {
      for (const socket of [near, far]) socket.destroy();
    };
    for (const socket of [near, far]) socket.on("error", end).on("close", end);
    near.on("data", (chunk) => {
      carried += chunk.length;
      if (breaks.length > 0 && carried >= breaks[0]!) {
        breaks.shift();
        cuts++;
        return end();
      }
      if (!far.write(chunk)) {
        near.pause();
        far.once("drain", () => near.resume());
      }
    });
    far.pipe(near);
  });
  line.listen(0, "127.0.0.1");
  await once(line, "listening");
  return {
    url: `http://127.0.0.1:${(line.address() as AddressInfo).port}`,
    cuts: () => cuts,
    carried: () => carried,
    close: () => line.close(),
  };
}

/** The most that this process, which is the server, took beyond what it had. */
function watchMemory() {
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  return () => {
    clearInterval(timer);
    return most - before;
  };
}

test("an interrupted upload of 500 MB resumes, and its hash matches", { timeout: 300_000 }, async () => {
  const versionId = await publishedVersion(server, course.instructor, course.slug, {
    "grader.yaml": [
      "id: large",
      "title: Large",
      "files: { required: [echo.py], checkpoints: ['*.safetensors'] }",
      "limits: { upload: 600MB, unpacked: 600MB }",
      "",
    ].join("\n"),
    "tests/test_echo.py": "def test_echo(student):\n    assert student.echo.echo(1) == 1\n",
    "reference/echo.py": "def echo(x):\n    return x\n",
  });
  const { db, blobs } = server.services;
  await changeAssignment(db, sessionViewer(course.instructor), course.assignmentId, {
    suiteVersionId: versionId,
  });
  await checkpoint(join(folder, "weights.safetensors"));
  const zip = await zipped({ "weights.safetensors": join(folder, "weights.safetensors") });
  await rm(join(folder, "weights.safetensors"));
  const line = await breakingLine((http.address() as AddressInfo).port);
  const memory = watchMemory();
  const command = ["bin/assay.mjs", "submit", `${course.slug}/hw1`, zip, "--server", line.url, "--json"];
  const env = { ...process.env, ASSAY_TOKEN: course.student.token, XDG_CONFIG_HOME: folder };
  const { stdout } = await promisify(execFile)(process.execPath, command, { env });
  line.close();
  const grown = memory();
  const made = JSON.parse(stdout);
  const [row] = await db.select().from(submissions).where(eq(submissions.id, made.id));
  const sent = await hashOf(createReadStream(zip));
  expect(row!.originalBlob).toBe(sent);
  expect(await hashOf(await blobs.open(row!.originalBlob))).toBe(sent);
  expect(line.cuts()).toBe(BREAKS_AT.length);
  // Went on, not began anew: what was lost at each cut is what was on its way.
  expect(line.carried()).toBeLessThan(CHECKPOINT_BYTES + 100 * MB);
  expect(await db.$count(submissions)).toBe(1);
  expect(grown).toBeLessThan(200 * MB);
});

import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { Attached } from "../attached.ts";
import { encodeFrame, MAGIC } from "../wire.ts";
import { PodStream, podPieces, type Socket } from "./pod-stream.ts";

/** The other end of a WebSocket, in the test's hand. */
class Server extends EventEmitter implements Socket {
  sent: Buffer[] = [];
  calls: string[] = [];
  send(data: Buffer, done: (error?: Error) => void) {
    this.sent.push(data);
    setImmediate(done);
  }
  ping = () => void this.calls.push("ping");
  pause = () => void this.calls.push("pause");
  resume = () => void this.calls.push("resume");
  close = () => void this.calls.push("close");
  says(channel: number, bytes: Buffer | string) {
    this.emit("message", Buffer.concat([Buffer.of(channel), Buffer.from(bytes)]), true);
  }
}

const attach = () => {
  const server = new Server();
  return { server, attached: new Attached(new PodStream(server), { outputBytes: 10_000_000 }, podPieces) };
};

test("frames come from stdout, stderr is kept aside, and an empty first message says nothing", async () => {
  const { server, attached } = attach();
  const frame = Buffer.concat([MAGIC, encodeFrame({ op: "x" }, [Buffer.from("abc")])]);
  server.says(1, "");
  server.says(1, frame.subarray(0, 11));
  server.says(2, "warning");
  server.says(1, frame.subarray(11));
  expect(await attached.receive(1000)).toMatchObject({ frame: { header: { op: "x" } } });
  expect(attached.stderr).toBe("warning");
});

test.each([
  ["success is the container's end", { status: "Success" }, "the sandbox closed its output"],
  ["a failure says why", { status: "Failure", message: "no such container" }, "no such container"],
])("%s", async (_, status, detail) => {
  const { server, attached } = attach();
  server.says(3, JSON.stringify(status));
  expect(await attached.receive(1000)).toEqual({ ended: "closed", detail });
});

test("a status that is no status ends the stream, not the worker", async () => {
  const { server, attached } = attach();
  server.says(3, "<html>");
  expect(await attached.receive(1000)).toMatchObject({ ended: "closed" });
});

test("what is written goes out in pieces, each to stdin, and writing ends nothing", async () => {
  const { server, attached } = attach();
  const bytes = Buffer.alloc(100_000, 7);
  expect(await attached.write(bytes)).toBe(true);
  while (Buffer.concat(server.sent).length < bytes.length + server.sent.length)
    await new Promise(setImmediate);
  expect(server.sent.every((piece) => piece[0] === 0 && piece.length <= 32 * 1024 + 1)).toBe(true);
  expect(Buffer.concat(server.sent.map((piece) => piece.subarray(1))).equals(bytes)).toBe(true);
  expect(server.calls).not.toContain("close");
  attached.close();
  expect(server.calls).toContain("close");
});

test("a container that talks faster than anybody listens is held back", async () => {
  const server = new Server();
  const stream = new PodStream(server);
  for (let i = 0; i < 40; i++) server.says(1, "x");
  expect(server.calls).toContain("pause");
  for await (const _ of stream) if (server.calls.includes("resume")) break;
});

test("a connection that breaks is an end", async () => {
  const { server, attached } = attach();
  server.emit("error", new Error("ECONNRESET"));
  expect(await attached.receive(1000)).toMatchObject({ ended: "closed", detail: "ECONNRESET" });
});

import { expect, test } from "vitest";
import { readEvents } from "./events.ts";

async function* bytes(...parts: string[]) {
  for (const part of parts) yield Buffer.from(part);
}
async function read(...parts: string[]) {
  const events = [];
  for await (const event of readEvents(bytes(...parts))) events.push(event);
  return events;
}

test("events come whole however the bytes are cut", async () => {
  const text = ": hello\nretry: 1000\n\nevent: test\ndata: {\ndata: 1}\nid: 1.2\n\ndata: x\r\n\r\n";
  const want = [
    { name: "test", id: "1.2", data: "{\n1}" },
    { name: "message", id: null, data: "x" },
  ];
  expect(await read(text)).toEqual(want);
  expect(await read(...text)).toEqual(want);
});

test("characters of several bytes survive a cut through them", async () => {
  const whole = Buffer.from("data: 数据\n\n");
  const events = [];
  const cut = (async function* () {
    for (const byte of whole) yield new Uint8Array([byte]);
  })();
  for await (const event of readEvents(cut)) events.push(event.data);
  expect(events).toEqual(["数据"]);
});

test("an event that the connection cut off is none", async () => {
  expect(await read("data: half")).toEqual([]);
});

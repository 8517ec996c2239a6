import { Readable } from "node:stream";
import { extract } from "tar-stream";
import { expect, test } from "vitest";
import { joined, tarOf } from "./image-import.ts";

async function bytesOf(stream: AsyncIterable<Buffer | Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

test("two tars become one, whatever bytes their files end in", async () => {
  const ours = [
    { path: "opt/assay/runner/main.py", bytes: Buffer.from("print(1)") },
    { path: "opt/assay/zeros", bytes: Buffer.alloc(1024) },
  ];
  const rootfs = [
    { path: "usr/block", bytes: Buffer.alloc(512, 1) },
    { path: "usr/zeros", bytes: Buffer.alloc(3000) },
  ];
  const reader = extract();
  Readable.from(joined(await tarOf(ours), Readable.from([await tarOf(rootfs)]))).pipe(reader);
  const found: { path: string; bytes: Buffer }[] = [];
  for await (const entry of reader) {
    const bytes = await bytesOf(entry as AsyncIterable<Buffer>);
    if (entry.header.type === "file") found.push({ path: entry.header.name, bytes });
  }
  expect(found).toEqual([...ours, ...rootfs]);
});

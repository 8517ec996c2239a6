import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { packageSource, SNAPSHOT } from "./image-source.ts";

async function archiveOf(days: string[]) {
  const server = createServer(({ url }, answer) => {
    answer.statusCode = days.some((day) => url === `/debian/${day}/dists/trixie/InRelease`) ? 200 : 404;
    answer.end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/debian`;
  return { address, close: () => server.close() };
}

test("an archive that has the day is what packages come from", async () => {
  const archive = await archiveOf([SNAPSHOT]);
  const day = `${archive.address}/${SNAPSHOT}/`;
  const pinned = { pinned: true, lines: [`deb [check-valid-until=no] ${day} trixie main`] };
  expect(await packageSource("trixie", archive.address)).toEqual(pinned);
  expect(await packageSource("trixie", `${archive.address}/`)).toEqual(pinned);
  archive.close();
});

test.each([
  ["has not the day", () => archiveOf(["20200101T000000Z"])],
  ["is not there", async () => ({ address: "http://127.0.0.1:1/debian", close() {} })],
  ["is switched off", async () => ({ address: "off", close() {} })],
])("the machine's own mirror is used where the archive %s", async (_, made) => {
  const archive = await made();
  expect(await packageSource("trixie", archive.address)).toEqual({ pinned: false, lines: [] });
  archive.close();
});

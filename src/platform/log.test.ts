import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { createLogger } from "./log.ts";

test("secrets are left out at three depths, the rest is there, on one line", () => {
  const stream = new PassThrough();
  const log = createLogger("info", { process: "test" }, stream);
  const secret = "hunter2";
  const headers = { cookie: secret, authorization: secret, "set-cookie": secret, host: "h" };
  log.info(
    { password: secret, one: { token: secret, two: { secret } }, request: { headers } },
    "line\nbreak",
  );
  const text = String(stream.read());
  expect(text).not.toContain(secret);
  expect(text.trimEnd().split("\n")).toHaveLength(1);
  expect(JSON.parse(text)).toMatchObject({
    process: "test",
    msg: "line\nbreak",
    request: { headers: { host: "h" } },
  });
});

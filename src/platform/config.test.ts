import { resolve } from "node:path";
import { expect, test } from "vitest";
import { ConfigError, readConfig } from "./config.ts";

test("an empty environment is enough", () =>
  expect(readConfig({})).toEqual({
    home: resolve(".assay"),
    databaseUrl: undefined,
    mail: null,
    roleUrls: {},
    host: "127.0.0.1",
    port: 3000,
    publicUrl: undefined,
    logLevel: "info",
    lanes: ["cpu", "gpu"],
    slots: 2,
    teamSlots: 2,
    gpus: "auto",
    oidc: null,
    s3: null,
  }));

test("an empty variable is as good as none", () =>
  expect(readConfig({ DATABASE_URL: "" }).databaseUrl).toBe(undefined));

test.each([
  ["PORT", "many"],
  ["DATABASE_URL", "mysql://x"],
  ["DATABASE_URL_WORKER", "mysql://x"],
  ["ASSAY_LANES", "CPU"],
  ["ASSAY_SLOTS", "0"],
  ["LOG_LEVEL", "loud"],
])("%s=%s is refused by name", (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
  expect(() => readConfig({ [name]: value })).toThrow(name);
});

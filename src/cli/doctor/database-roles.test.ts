import { afterEach, expect, test, vi } from "vitest";
import { databaseRolesCheck } from "./database-roles.ts";

const at = (user: string) => `postgres://${user}:x@db.example/assay`;
afterEach(() => vi.unstubAllEnvs());

test.each([
  ["embedded", {}, "ok", "embedded"],
  ["one address", { DATABASE_URL: at("a") }, "warning", "web, worker, reader"],
  [
    "one role lacks its own",
    {
      DATABASE_URL: at("a"),
      DATABASE_URL_WEB: at("w"),
      DATABASE_URL_WORKER: at("a"),
      DATABASE_URL_READER: at("r"),
    },
    "warning",
    "not separated: worker",
  ],
  ["a worker's machine", { DATABASE_URL_WORKER: at("k") }, "ok", "only worker"],
  [
    "all separate",
    {
      DATABASE_URL: at("a"),
      DATABASE_URL_WEB: at("w"),
      DATABASE_URL_WORKER: at("k"),
      DATABASE_URL_READER: at("r"),
    },
    "ok",
    "are separate",
  ],
])("%s", async (_, settings: Record<string, string>, state, said) => {
  for (const name of ["", "_WEB", "_WORKER", "_READER"])
    vi.stubEnv(`DATABASE_URL${name}`, settings[`DATABASE_URL${name}`] ?? "");
  const outcome = await databaseRolesCheck.run();
  expect(outcome.state).toBe(state);
  expect(outcome.found).toContain(said);
});

// What workers ask every two seconds must stay cheap beside a million graded attempts: by an index, never by reading
// the table. Small tables are read whole whatever indexes there are, so that is forbidden here first.
import { expect, test } from "vitest";
import { freshDatabase } from "../../test/support/database.ts";

const { sql } = await freshDatabase();

/** The partial indexes that hold only what is on its way: as small with a million graded attempts as with none. */
const OPEN = /(using|on) attempts_(unfinished|crowd|open)\b/;

test.each<[string, string, RegExp]>([
  [
    "whether a lane's attempt waits",
    "select from attempts where state = 'waiting' and lane = any('{cpu}')",
    OPEN,
  ],
  [
    "whether an end is not announced",
    "select from attempts where announced_at is null and state in ('finished', 'needs_attention')",
    /attempts_unannounced/,
  ],
  [
    "attempts whose worker is gone",
    "select token from attempts where state = 'running' and touched_at < now() - interval '10 s'",
    OPEN,
  ],
  [
    "what waits",
    "select id from attempts where state = 'waiting' order by priority desc, id limit 5000",
    OPEN,
  ],
  ["how many of a team run", "select count(*) from attempts where state = 'running' and team = 'one'", OPEN],
  [
    "an attempt by its token",
    "select id from attempts where token = '019a0000-0000-7000-8000-000000000000'",
    /attempts_token/,
  ],
  [
    "a submission's last attempt",
    "select max(number) from attempts where subject = 'one' and run = 'submit'",
    /attempts_number/,
  ],
])("%s is found by an index of its own", async (_, query, index) => {
  const plan = await sql.begin(async (tx) => {
    await tx`set local enable_seqscan = off`;
    return (await tx.unsafe(`explain ${query}`)).map((row) => row["QUERY PLAN"]).join("\n");
  });
  expect(plan).toMatch(index);
});

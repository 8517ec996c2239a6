// A worker that takes a pair and then does nothing, for a test that kills it.
import { openSandboxPool } from "../pool.ts";
import { tinySuite } from "./fixtures.ts";

const pool = await openSandboxPool({ home: process.argv[2] ?? "", background: false });
await pool.acquire(tinySuite(), new AbortController().signal);
console.log("held");
setInterval(() => {}, 60_000);

// For whoever watches containers: ends with 0 when the process beside it does its work, else says why not.
//   health.mjs serve    it answers /readyz, which asks the database
//   health.mjs worker   its last pulse to the database (every two seconds) is not old; ASSAY_ALIVE_FILE
import { statSync } from "node:fs";

const DEADLINE_MS = 4000;
/** A pulse waits for the database, which may stand still for some seconds without anybody dying. */
const PULSE_LIMIT_MS = 30_000;

const checks = {
  async serve() {
    const url = `http://127.0.0.1:${process.env.PORT || 3000}/readyz`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS) });
    if (!answer.ok)
      throw new Error(`${url} answers ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
  },
  async worker() {
    const age = Date.now() - statSync(process.env.ASSAY_ALIVE_FILE).mtimeMs;
    if (age > PULSE_LIMIT_MS) throw new Error(`the last pulse was ${Math.round(age / 1000)} s ago`);
  },
};

const check = checks[process.argv[2]];
if (!check) {
  console.error(`usage: health.mjs ${Object.keys(checks).join("|")}`);
  process.exit(2);
}
try {
  await check();
} catch (error) {
  console.error(error.cause?.message ?? error.message);
  process.exit(1);
}

// Many attempts, a fifth of them hostile: nothing may be left of any, and the worker may not grow.
import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { promisify } from "node:util";
import { stopProcess } from "../src/cli/demo/processes.ts";
import { installationId, LABELS } from "../src/sandbox/owner.ts";
import { zipOf } from "../src/storage/zip-write.ts";
import type { Case } from "./cases.ts";
import { type Figure, median, single } from "./figures.ts";
import { residentMb, type Stage } from "./stage.ts";
import { Ends, submit } from "./submitting.ts";

/** Each ends its test at once: what is looked for is what it leaves behind. */
const HOSTILE = [
  "import os\ndef twice(x): os._exit(0)\n",
  "import os, signal\ndef twice(x): os.kill(-1, signal.SIGKILL)\n",
  "def twice(x):\n    while True: print('x' * 10000)\n",
  "def twice(x): return bytearray(4 << 30)\n",
  "import os, time\ndef twice(x):\n    for _ in range(40):\n        if os.fork() == 0: time.sleep(1000)\n    return 0\n",
];
const EVERY = 5;
const AT_ONCE = 8;

export async function endurance(stage: Stage, one: Case, count: number): Promise<Figure[]> {
  const ends = await Ends.open(stage);
  const seen: { fds: number; mb: number }[] = [];
  let next = 0;
  const sender = async (student: Stage["students"][number]) => {
    for (let n = next++; n < count; n = next++) {
      const { attempt } = await submit(student, one, await zipFor(n));
      await ends.of(attempt);
      seen.push({ fds: await descriptors(stage), mb: await residentMb(stage.worker) });
    }
  };
  try {
    await Promise.all(stage.students.slice(0, AT_ONCE).map(sender));
  } finally {
    await ends.close();
  }
  const fifth = Math.ceil(count / 5);
  // The first fifth fills pools and caches; from there on nothing may grow.
  const grown = (of: (one: (typeof seen)[number]) => number) =>
    median(seen.slice(-fifth).map(of)) - median(seen.slice(fifth, 2 * fifth).map(of));
  await stopProcess(stage.worker);
  return [
    single("endurance_attempts", seen.length),
    single("endurance_leftovers", await leftovers(stage), "<= 0"),
    single(
      "endurance_descriptors_grown",
      grown(({ fds }) => fds),
      "<= 8",
    ),
    single(
      "endurance_worker_mb_grown",
      grown(({ mb }) => mb),
      "<= 32",
    ),
  ];
}

function zipFor(n: number): Promise<Buffer> {
  const honest = `# ${n}\ndef twice(x): return 2 * x\n`;
  const hostile = `# ${n}\n${HOSTILE[(n / EVERY) % HOSTILE.length]}`;
  return zipOf([{ path: "work.py", bytes: Buffer.from(n % EVERY === 0 ? hostile : honest) }]);
}

const descriptors = async ({ worker }: Stage): Promise<number> =>
  (await readdir(`/proc/${worker.pid}/fd`)).length;

/** Containers and volumes of this installation, whose worker has ended. */
async function leftovers({ home }: Stage): Promise<number> {
  const mine = `label=${LABELS.owner}=${installationId(home)}`;
  const lists = [
    ["ps", "-aq", "--filter", mine],
    ["volume", "ls", "-q", "--filter", mine],
  ];
  const found = await Promise.all(lists.map((args) => promisify(execFile)("docker", args)));
  return found.flatMap(({ stdout }) => stdout.split("\n").filter(Boolean)).length;
}

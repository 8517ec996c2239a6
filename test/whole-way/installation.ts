// A whole installation for a test: server and workers as processes over a fresh home, a course, a tiny suite.
import type { ChildProcess } from "node:child_process";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { ask } from "../../src/cli/client/api.ts";
import type { ClientSettings } from "../../src/cli/client/settings.ts";
import { startServer, startWorker, stopProcess } from "../../src/cli/demo/processes.ts";
import { handIn, type Login, makeCourse, publishSuite, signIn } from "../../src/cli/demo/session.ts";
import { readSuite } from "../../src/judge/read-suite.ts";
import { zipOf } from "../../src/storage/zip-write.ts";

const ENTRY = join(import.meta.dirname, "../../bin/assay.mjs");

const SETTINGS = `id: tiny
title: { en: Tiny, zh: 小 }
preload: [numpy]
files: { required: [work.py] }
limits: { cpus: 1, memory: 512MiB, per_test: 30s, wall: 120s }
`;

/** Words that stand in the tests, the reference and the hidden inputs, and nowhere else. */
export const CANARIES = ["CANARY-OF-THE-TESTS", "CANARY-OF-THE-REFERENCE"];

const TESTS = `# ${CANARIES[0]}
from assay import both, points

@points(40, title=both("Twice", "两倍"))
def test_twice(student, reference, rng):
    x = float(rng.standard_normal())
    assert student.work.twice(x) == reference.work.twice(x), both("twice is wrong", "twice 不正确")

@points(60, title=both("Thrice", "三倍"), visibility="hidden")
def test_thrice(student, reference, rng):
    x = float(rng.standard_normal())
    assert student.work.thrice(x) == reference.work.thrice(x), both("thrice is wrong", "thrice 不正确")
`;

export const PASSWORD = "correct horse battery";

export const REFERENCE = "def twice(x): return 2 * x\ndef thrice(x): return 3 * x\n";

export interface Installation {
  home: string;
  url: string;
  admin: ClientSettings;
  instructor: ClientSettings;
  students: ClientSettings[];
  /** Starts one more worker. */
  worker(): ChildProcess;
  submit(student: ClientSettings, source: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts a server, makes the course and publishes the tiny suite; workers are for the test to start. */
export async function install(): Promise<Installation> {
  const home = await mkdtemp(join(tmpdir(), "assay-whole-"));
  const { url, server } = await startServer(home, 0);
  const workers: ChildProcess[] = [];
  const logins = people();
  await promisify(execFile)(process.execPath, [ENTRY, "admin", "create", logins[0]!.email], {
    env: { ...process.env, ASSAY_HOME: home, ASSAY_PASSWORD: logins[0]!.password, PUBLIC_URL: url },
  });
  const admin = await signIn(url, logins[0]!);
  await makeCourse(admin, logins);
  const instructor = await signIn(url, logins[1]!);
  const folder = await writeSuite(home);
  await publishSuite(instructor, folder, await readSuite(folder));
  const students = await Promise.all(logins.slice(2).map((login) => signIn(url, login)));
  return {
    home,
    url,
    admin,
    instructor,
    students,
    worker: () => {
      const started = startWorker(home);
      workers.push(started);
      return started;
    },
    submit: async (student, source) =>
      handIn(student, "tiny", await zipOf([{ path: "work.py", bytes: Buffer.from(source) }]), "work"),
    close: async () => {
      for (const worker of workers) worker.kill("SIGCONT");
      await Promise.all([...workers, server].map(stopProcess));
      await rm(home, { recursive: true, force: true });
    },
  };
}

function people(): Login[] {
  const person = (role: Login["role"], user: string) => {
    return { role, name: user, email: `${user}@example.edu`, password: PASSWORD };
  };
  return [
    person("admin", "admin"),
    person("instructor", "instructor"),
    ...[1, 2, 3, 4].map((n) => person("student", `s${n}`)),
  ];
}

async function writeSuite(home: string): Promise<string> {
  const files = {
    "grader.yaml": SETTINGS,
    "tests/test_tiny.py": TESTS,
    "reference/work.py": `# ${CANARIES[1]}\n${REFERENCE}`,
    "starter/work.py": "def twice(x): return None\ndef thrice(x): return None\n",
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, "tiny", path)), { recursive: true });
    await writeFile(join(home, "tiny", path), text);
  }
  return join(home, "tiny");
}

/** The report as whoever asks may see it, as it stands now. */
export function reportNow(who: ClientSettings, submission: string) {
  return ask(
    who,
    `/api/v1/submissions/${submission}/report`,
    z.looseObject({
      attempt: z.looseObject({ state: z.string(), number: z.int() }),
      score: z.int(),
      tests: z.array(z.looseObject({ name: z.string(), verdict: z.string(), stdout: z.string() })),
    }),
  );
}

// What only staff see of the small course: a suite that is proved, one that is refused, one that is being proved.
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AdmZip from "adm-zip";
import { eq } from "drizzle-orm";
import type { Viewer } from "../../src/accounts/viewer.ts";
import { findAssignment } from "../../src/assignments/assignments.ts";
import { findCourse } from "../../src/courses/courses.ts";
import { startAttempt } from "../../src/grading/attempts.ts";
import { attempts } from "../../src/grading/tables.ts";
import type { Services } from "../../src/http/services.ts";
import { adversaryNames } from "../../src/judge/adversaries.ts";
import type { MutantProof, Proof } from "../../src/judge/proof.ts";
import { startRerun } from "../../src/submissions/rerun.ts";
import { startProof } from "../../src/suites/prove.ts";
import { registerVersion } from "../../src/suites/register.ts";
import { suiteVersions } from "../../src/suites/tables.ts";
import { endGrading } from "./web-gradings.ts";
import { declaredTests, resultsFor } from "./web-results.ts";

export interface StaffWorld {
  versions: { proved: string; refused: string; proving: string };
  /** Of hw4-dtw, ended and not decided. */
  rerun: string;
}

export async function makeStaffWorld(
  services: Services,
  viewer: Viewer,
  course: string,
): Promise<StaffWorld> {
  const proved = await register(services, viewer, course, "# the version that is proved\n");
  await settle(services, proved.id, proofFor(proved.hash, []));
  const refused = await register(services, viewer, course, "# the version that is refused\n");
  const problems = [
    {
      en: "mutants/window-ignored: passes test_window_distance, which it should fail",
      zh: "mutants/window-ignored：通过了应当失分的 test_window_distance",
    },
    {
      en: "test_reversal: no mutant fails it; nothing shows that it can fail",
      zh: "test_reversal：没有变异体在此失分，无法证明该测试会失败",
    },
  ];
  await settle(services, refused.id, proofFor(refused.hash, problems));
  const proving = await register(services, viewer, course, "# the version that is being proved\n");
  await startProof(services, viewer, proving.id);
  await begin(services, proving.hash);
  const rerun = await rerunOf(services, viewer, `${course}.hw4-dtw`);
  return { versions: { proved: proved.id, refused: refused.id, proving: proving.id }, rerun };
}

/** Everything of an assignment graded again, each with another result than before. */
async function rerunOf(services: Services, viewer: Viewer, ref: string): Promise<string> {
  const { db, queue } = services;
  const access = await findAssignment(db, viewer, ref);
  const reason = "test_path_cost asked for more than the sheet says";
  const wish = { scope: "all" as const, versionId: null, reason };
  const { rerun } = await startRerun(db, queue, viewer, access, wish);
  const made = await db.select().from(attempts).where(eq(attempts.run, rerun.id)).orderBy(attempts.id);
  for (const [at, { id }] of made.entries()) {
    const started = await startAttempt(db, queue, { id, worker: randomUUID(), teamSlots: 1 });
    await endGrading(services, started!, resultsFor((["mixed", "all-right", "mixed"] as const)[at % 3]!));
  }
  return rerun.id;
}

const settings = `id: hw6-alignment
title: { en: Alignment of sequences, zh: 序列对齐 }
files: { required: [align.py] }
limits: { memory: 1GiB, per_test: 10s, wall: 120s }
`;

/** Files of a suite that differ by a comment, so that each is another version. */
export function smallSuite(comment: string): Buffer {
  const zip = new AdmZip();
  const add = (path: string, text: string) => zip.addFile(path, Buffer.from(text));
  add("grader.yaml", settings);
  add("README.md", "# Alignment\n\nAlign two sequences.\n");
  add("tests/test_align.py", `${comment}def test_align(student):\n    assert student.align.align(1) == 1\n`);
  add("reference/align.py", "def align(x):\n    return x\n");
  add("starter/align.py", "def align(x):\n    raise NotImplementedError\n");
  add(
    "mutants/says-nothing/mutant.yaml",
    'title: t\nhint: h\nchange: { file: align.py, find: "return x", replace: "return None" }\nfails: [test_align]\n',
  );
  return zip.toBuffer();
}

async function register(services: Services, viewer: Viewer, course: string, comment: string) {
  const access = await findCourse(services.db, viewer, course);
  const dir = await mkdtemp(join(tmpdir(), "assay-suite-"));
  try {
    const path = join(dir, "suite.zip");
    await writeFile(path, smallSuite(comment));
    return (await registerVersion(services, viewer, access, { path })).version;
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function settle({ db }: Services, id: string, proof: Proof): Promise<void> {
  const state = proof.ok ? "proved" : "refused";
  await db.update(suiteVersions).set({ state, proof, tests: declaredTests }).where(eq(suiteVersions.id, id));
}

/** The first runs have ended; none is in a worker's hands, since there is no worker. */
async function begin(services: Services, hash: string): Promise<void> {
  const { db, queue } = services;
  const made = await db.select().from(attempts).where(eq(attempts.suiteHash, hash)).orderBy(attempts.id);
  for (const { id } of made.slice(0, 9)) {
    const started = await startAttempt(db, queue, { id, worker: randomUUID(), teamSlots: 1 });
    await endGrading(services, started!, resultsFor("all-right"));
  }
}

const mistakes = [
  ...["cost-squared", "corner-forgotten", "diagonal-missing", "path-reversed", "window-ignored"],
  ...["nan-let-through", "loops-too-slow", "first-neighbour-only", "reversal-changes"],
];

/** As judge/proof.ts weighs it; where there are problems, one mutant is missed, one unsteady and one sees more. */
export function proofFor(hash: string, problems: Proof["problems"]): Proof {
  const names = declaredTests.map(({ name }) => name);
  const wrong = problems.length > 0;
  const mutants = mistakes.map((name, at): MutantProof => {
    const expected = names.filter(
      (_, place) => place % mistakes.length === at || (place * 5 + at) % 11 === 3,
    );
    const missed = wrong && at === 4 ? expected.slice(0, 1) : [];
    const more = wrong && at === 1 ? ["test_reversal"] : [];
    return {
      name,
      expected,
      killed_by: [...expected.filter((test) => !missed.includes(test)), ...more],
      unsteady: wrong && at === 6 ? ["test_knn_digits"] : [],
      wall_ms: 900 + at * 40,
    };
  });
  return {
    ok: !wrong,
    suite: "hw6-alignment",
    hash,
    seeds: 3,
    max: 54,
    reference: { scores: [54, 54, 54], strict: 54, wall_ms: [1240, 1310, 1275] },
    starter: { score: 0, max: 5 },
    mutants,
    tests: declaredTests.map(({ name, max }, at) => ({
      name,
      points: max / 100,
      killed_by_mutants: mutants.filter((one) => one.killed_by.includes(name)).map((one) => one.name),
      reference_ms: [8, 12, 40, 420, 18, 25, 310, 60, 4, 2900, 6200, 15, 22, 30][at] ?? 10,
      reference_peak_bytes: at === 8 ? null : 38_000_000 + at * 9_000_000,
    })),
    alternatives: [{ name: "rolling-lists", score: 54, failed: [], expected: [] }],
    adversaries: adversaryNames.map((name) => ({ name, score: 0, unhandled: [] })),
    problems,
    warnings: [
      {
        en: "test_thousand_frames: the reference needs more than half of the time limit",
        zh: "test_thousand_frames：参考答案用掉了时限的一半以上",
      },
    ],
  };
}

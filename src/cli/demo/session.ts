// The demo as its people: an administrator who makes a course, an instructor who publishes suites, students who
// hand in. Everything goes through the HTTP API, as from anywhere else.
import { z } from "zod";
import type { Suite } from "../../judge/read-suite.ts";
import { testReport } from "../../judge/report.ts";
import { answerOf, ask, send } from "../client/api.ts";
import type { ClientSettings } from "../client/settings.ts";
import { registerFolder } from "../suite.ts";

export interface Login {
  role: "admin" | "instructor" | "ta" | "student";
  name: string;
  email: string;
  password: string;
}

export const COURSE = "mml-2026";
const UNPROVED =
  "The demo itself runs reference, starter and mutants; `assay suite validate` proves the suite.";

const withId = z.looseObject({ id: z.string() });
const receipt = z.looseObject({ id: z.string(), attempt: z.looseObject({ id: z.string() }) });
const graded = z.looseObject({
  attempt: z.looseObject({
    state: z.string(),
    refused: z.boolean(),
    startedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
  }),
  score: z.int(),
  max: z.int(),
  tests: z.array(testReport.partial({ visibility: true })),
  circumstances: z
    .looseObject({
      gpu: z.looseObject({ name: z.string(), id: z.string().optional() }).nullable(),
      reduced: z.boolean().optional(),
    })
    .nullable(),
  staff: z.looseObject({ fault: z.string().nullable() }).nullable(),
});
export type Graded = z.infer<typeof graded>;

/** Signs in and gives the settings with which requests are made as this person. */
export async function signIn(server: string, { email, password }: Login): Promise<ClientSettings> {
  const settings = { server, lang: "en" as const };
  const { token } = await ask(settings, "/api/v1/token", z.looseObject({ token: z.string() }), {
    json: { email, password, name: "demo" },
  });
  return { ...settings, token };
}

/** Makes the people, the course and its roster; safe to repeat. */
export async function makeCourse(admin: ClientSettings, logins: Login[]): Promise<void> {
  for (const { name, email, password, role } of logins) {
    if (role !== "admin") await allowConflict(admin, "/api/v1/people", { name, email, password });
  }
  const title = { en: "Multimodal Machine Learning", zh: "多模态机器学习" };
  const instructor = logins.find(({ role }) => role === "instructor")?.email;
  await allowConflict(admin, "/api/v1/courses", { slug: COURSE, title, instructor });
  const rows = logins
    .filter(({ role }) => role !== "admin")
    .map(({ email, name, role }) => `${email},${name},${role}`);
  await ask(admin, `/api/v1/courses/${COURSE}/roster`, z.unknown(), {
    body: Buffer.from(["email,name,role", ...rows].join("\n")),
    type: "text/csv",
  });
}

async function allowConflict(settings: ClientSettings, path: string, json: unknown): Promise<void> {
  const response = await send(settings, path, { json });
  if (response.status !== 409) await answerOf(response, z.unknown());
}

/** Publishes the suite in `folder` and opens an assignment of its name with it. */
export async function publishSuite(instructor: ClientSettings, folder: string, suite: Suite): Promise<void> {
  const version = await registerFolder(instructor, folder, COURSE);
  await ask(instructor, `/api/v1/suite-versions/${version.id}/publish`, withId, {
    json: { unproved: UNPROVED },
  });
  const now = Date.now();
  const settings = {
    title: suite.config.title,
    suiteVersionId: version.id,
    state: "open",
    opensAt: new Date(now - 7 * 86_400_000).toISOString(),
    dueAt: new Date(now + 14 * 86_400_000).toISOString(),
    counting: "best",
  };
  const made = await send(instructor, `/api/v1/courses/${COURSE}/assignments`, {
    json: { slug: suite.config.id, ...settings },
  });
  if (made.status !== 409) return void (await answerOf(made, withId));
  const at = `/api/v1/assignments/${COURSE}.${suite.config.id}`;
  await ask(instructor, at, withId, { method: "PATCH", json: settings });
}

/** Hands in a ZIP and answers the submission's id. */
export async function handIn(
  student: ClientSettings,
  assignment: string,
  zip: Buffer,
  name: string,
): Promise<string> {
  const path = `/api/v1/assignments/${COURSE}.${assignment}/submissions?name=${encodeURIComponent(`${name}.zip`)}`;
  return (await ask(student, path, receipt, { body: zip, type: "application/zip" })).id;
}

/** The report as staff see it, once the attempt has ended. */
export async function reportOf(staff: ClientSettings, submission: string): Promise<Graded | null> {
  const report = await ask(staff, `/api/v1/submissions/${submission}/report`, graded);
  if (report.attempt.state === "delayed")
    throw new Error(`a fault of ours: ${report.staff?.fault ?? "unknown"}`);
  // What the preflight refused has its answer, too.
  return report.attempt.state === "finished" || report.attempt.refused ? report : null;
}

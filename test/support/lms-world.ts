// Launches that stopped where somebody must say something: whether it is them, which course it is, which assignment.
import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Viewer } from "../../src/accounts/viewer.ts";
import { findCourse } from "../../src/courses/courses.ts";
import type { Services } from "../../src/http/services.ts";
import { connectCourse, connectLaunch } from "../../src/lms/arrive.ts";
import type { LaunchFacts } from "../../src/lms/claims.ts";
import { registerPlatform } from "../../src/lms/platforms.ts";
import { lmsLaunches } from "../../src/lms/tables.ts";

/** What the browser that began them holds. */
export const LAUNCH_COOKIE = { name: "assay_lti", value: "the browser of the pictures" };

/** Keys of launches, by what is asked. */
export type LaunchWorld = Record<"person" | "course" | "assignment", string>;

export async function makeLaunchWorld(services: Services, instructor: Viewer): Promise<LaunchWorld> {
  const { db } = services;
  const platform = await registerPlatform(db, {
    ...{ name: "Campus Moodle", issuer: "https://moodle.example", clientId: "assay", deployments: ["1"] },
    authorizationUrl: "https://moodle.example/auth",
    tokenUrl: "https://moodle.example/token",
    keysUrl: "https://moodle.example/keys",
  });
  const teacher: LaunchFacts = {
    ...{ subject: "t-1", deployment: "1", name: "周老师（示例）", email: "teacher@assay.example" },
    role: "instructor",
    context: { id: "c-1", title: "MML 2026 (Moodle)" },
    link: { id: "l-1", title: "Homework 4" },
    ...{ lineItem: null, lineItems: "https://moodle.example/items" },
  };
  const keep = async (key: string, facts: LaunchFacts) => {
    await db.insert(lmsLaunches).values({
      key: hashOf(key),
      platformId: platform.id,
      browser: hashOf(LAUNCH_COOKIE.value),
      nonce: key,
      facts,
      expiresAt: sql`now() + interval '1 day'`,
    });
    return key;
  };
  const launch = { platform, facts: teacher };
  await connectLaunch(db, instructor, launch);
  await connectCourse(db, instructor, await findCourse(db, instructor, "mml-2026"), launch);
  const student = {
    subject: "s-1",
    name: "林同学（示例）",
    email: "student@assay.example",
    role: "student" as const,
  };
  return {
    person: await keep("launch-person", { ...teacher, ...student }),
    course: await keep("launch-course", {
      ...teacher,
      context: { id: "c-2", title: "Numerics 2026 (Moodle)" },
    }),
    assignment: await keep("launch-assignment", teacher),
  };
}

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

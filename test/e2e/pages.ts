// Every page there is, and who sees it: for the accessibility tests and for the pictures.
import type { World } from "../support/web-world.ts";

export type Role = "nobody" | "student" | "ta" | "instructor" | "admin" | "stranger";
export interface Shown {
  name: string;
  role: Role;
  path: string;
}

export function everyPage({ submissions, staff, reviewed, similarity, people }: World): Shown[] {
  const { first, finished, late, waiting, others } = submissions;
  const hw4 = "/assignments/mml-2026.hw4-dtw";
  const final = "/assignments/mml-2026.text-to-image";
  const source = `/submissions/${finished}/source?path=dtw.py`;
  return [
    { name: "sign-in", role: "nobody", path: "/sign-in" },
    { name: "set-password", role: "nobody", path: "/set-password" },
    { name: "home", role: "student", path: "/" },
    { name: "home-empty", role: "stranger", path: "/" },
    { name: "home", role: "admin", path: "/" },
    { name: "account", role: "student", path: "/account" },
    { name: "course", role: "student", path: "/courses/mml-2026" },
    { name: "course", role: "ta", path: "/courses/mml-2026" },
    { name: "course-as-student", role: "ta", path: `/courses/mml-2026/as/${people.student.id}` },
    { name: "extensions", role: "student", path: `${hw4}/extensions` },
    { name: "extensions", role: "ta", path: `${hw4}/extensions` },
    { name: "extensions", role: "admin", path: `${hw4}/extensions` },
    { name: "points", role: "ta", path: `${hw4}/points` },
    { name: "points", role: "admin", path: `${hw4}/points` },
    { name: "late-days", role: "student", path: "/courses/mml-2026/late-days" },
    { name: "late-days", role: "ta", path: "/courses/mml-2026/late-days" },
    { name: "late-days", role: "admin", path: "/courses/mml-2026/late-days" },
    { name: "assignment", role: "student", path: hw4 },
    { name: "assignment-late", role: "student", path: "/assignments/mml-2026.hw3-em" },
    { name: "assignment-not-open", role: "student", path: "/assignments/mml-2026.hw5-kernels" },
    { name: "assignment", role: "ta", path: hw4 },
    { name: "report", role: "student", path: `/submissions/${finished}` },
    { name: "report-late", role: "student", path: `/submissions/${late}` },
    { name: "report", role: "ta", path: `/submissions/${others}` },
    { name: "report-as-student", role: "ta", path: `/submissions/${others}?as=student` },
    { name: "waiting", role: "ta", path: `/submissions/${waiting}` },
    { name: "compare", role: "student", path: `/submissions/${finished}/compare/${first}` },
    { name: "compare", role: "ta", path: `/submissions/${finished}/compare/${first}` },
    { name: "compare-waiting", role: "ta", path: `/submissions/${waiting}/compare/${others}` },
    { name: "files", role: "student", path: `/submissions/${finished}/files` },
    { name: "source", role: "student", path: source },
    { name: "table", role: "ta", path: `${hw4}/submissions` },
    { name: "table-empty", role: "ta", path: `${hw4}/submissions?q=nobody-of-this-name` },
    { name: "course", role: "instructor", path: "/courses/mml-2026" },
    { name: "settings", role: "instructor", path: `${hw4}/settings` },
    { name: "settings-new", role: "instructor", path: "/courses/mml-2026/assignments/new" },
    { name: "rerun-start", role: "instructor", path: "/assignments/mml-2026.hw3-em/rerun" },
    { name: "rerun", role: "instructor", path: `/reruns/${staff.rerun}` },
    { name: "rerun", role: "ta", path: `/reruns/${staff.rerun}?all=1` },
    { name: "rerun-tests", role: "ta", path: `/reruns/${staff.rerun}/submissions/${finished}` },
    { name: "roster", role: "instructor", path: "/courses/mml-2026/roster" },
    { name: "roster", role: "ta", path: "/courses/mml-2026/roster" },
    { name: "roster-empty", role: "ta", path: "/courses/mml-2026/roster?q=nobody" },
    { name: "roster-entry", role: "instructor", path: `/courses/mml-2026/roster/${people.student.id}` },
    { name: "audit", role: "instructor", path: "/courses/mml-2026/audit" },
    { name: "admin", role: "admin", path: "/admin" },
    { name: "admin-people", role: "admin", path: "/admin/people" },
    { name: "admin-audit", role: "admin", path: "/admin/audit" },
    { name: "suites", role: "instructor", path: "/courses/mml-2026/suites" },
    { name: "suite-proved", role: "instructor", path: `/suite-versions/${staff.versions.proved}` },
    { name: "suite-refused", role: "instructor", path: `/suite-versions/${staff.versions.refused}` },
    { name: "suite-proving", role: "instructor", path: `/suite-versions/${staff.versions.proving}` },
    { name: "suite", role: "ta", path: `/suite-versions/${staff.versions.proved}` },
    { name: "report-reviewed", role: "student", path: `/submissions/${reviewed.reviewed}` },
    { name: "review", role: "ta", path: `/submissions/${reviewed.reviewed}/review?path=cnn.py` },
    { name: "marking", role: "ta", path: "/assignments/mml-2026.hw2-cnn/marking" },
    {
      name: "marking",
      role: "instructor",
      path: "/assignments/mml-2026.hw2-cnn/marking?item=method&points=4",
    },
    { name: "second", role: "ta", path: `/submissions/${reviewed.ungraded}/second?path=cnn.py` },
    { name: "record", role: "student", path: `/submissions/${reviewed.reviewed}/record` },
    { name: "regrade", role: "ta", path: `/regrades/${reviewed.regrade}` },
    { name: "queue", role: "ta", path: "/courses/mml-2026/queue" },
    { name: "gradebook", role: "ta", path: "/courses/mml-2026/gradebook" },
    { name: "gradebook", role: "admin", path: "/courses/mml-2026/gradebook?sort=total&order=desc" },
    { name: "gradebook-empty", role: "ta", path: "/courses/mml-2026/gradebook?q=nobody-of-this-name" },
    { name: "statistics", role: "ta", path: `${hw4}/statistics` },
    { name: "statistics-empty", role: "ta", path: "/assignments/mml-2026.hw1-closed/statistics" },
    { name: "mistakes", role: "ta", path: `${hw4}/mistakes` },
    { name: "mistakes-empty", role: "ta", path: "/assignments/mml-2026.hw1-closed/mistakes" },
    { name: "beside", role: "ta", path: `/submissions/${finished}/beside` },
    { name: "similarity", role: "ta", path: `${hw4}/similarity` },
    { name: "similarity-empty", role: "ta", path: "/assignments/mml-2026.hw1-closed/similarity" },
    { name: "similarity-pair", role: "ta", path: `${hw4}/similarity/${similarity}/1` },
    { name: "release", role: "ta", path: `${hw4}/release` },
    { name: "release", role: "admin", path: "/assignments/mml-2026.hw3-em/release" },
    { name: "leaderboard", role: "student", path: `${final}/leaderboard` },
    { name: "leaderboard", role: "admin", path: `${final}/leaderboard` },
    { name: "assignment-leaderboard", role: "student", path: final },
    { name: "groups", role: "student", path: "/courses/mml-2026/groups" },
    { name: "groups", role: "ta", path: "/courses/mml-2026/groups" },
    { name: "notifications", role: "student", path: "/notifications" },
    { name: "notifications", role: "ta", path: "/notifications" },
    { name: "not-found", role: "student", path: "/courses/none" },
  ];
}

export const emails: Record<Exclude<Role, "nobody">, string> = {
  student: "student@assay.example",
  ta: "ta@assay.example",
  instructor: "teacher@assay.example",
  admin: "admin@assay.example",
  stranger: "stranger@assay.example",
};

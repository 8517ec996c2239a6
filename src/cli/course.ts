// `assay course create|copy|import-roster`: through the API, as whoever is signed in.
import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { z } from "zod";
import { shiftDaysOf } from "../assignments/copy-plan.ts";
import { inert } from "../judge/inert.ts";
import { ask, exitCodeOf } from "./client/api.ts";
import { type ClientOptions, clientSettings, languageOf, withServerOptions } from "./client/settings.ts";
import { courseImportCommand } from "./course-import.ts";

interface CourseOptions extends ClientOptions {
  json?: boolean;
  title?: string;
  titleZh?: string;
  timeZone?: string;
  instructor?: string;
  emailDomain?: string;
}

const made = z.looseObject({ id: z.string(), slug: z.string() });
const imported = z.looseObject({
  created: z.int(),
  added: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  encoding: z.string(),
  invitations: z.array(z.object({ email: z.string(), url: z.string() })),
});

export function courseCommand(): Command {
  const course = new Command("course").description("make a course or copy one, import its roster");
  course.addCommand(
    withServerOptions(new Command("create"))
      .description("make a course (administrators)")
      .argument("<slug>", "its short name, part of its address: mml-2026")
      .option("--title <text>", "its title; the short name by default")
      .option("--title-zh <text>", "its title in Chinese")
      .option("--time-zone <name>", "in which deadlines are shown", "Asia/Shanghai")
      .option("--instructor <email>", "who teaches it; somebody who is there already")
      .option("--json", "print it as JSON")
      .action((slug: string, options: CourseOptions) => run(options, () => create(slug, options))),
  );
  course.addCommand(
    withServerOptions(new Command("import-roster"))
      .description(
        "import a roster from CSV: email, name, role, student_number, section; or as Gradescope, Moodle or Canvas has it",
      )
      .argument("<course>", "short name or id")
      .argument("<csv>", "the file, in UTF-8 or GBK")
      .option("--email-domain <domain>", "completes names to sign in with, where the file has no e-mails")
      .option("--json", "print what it changed as JSON")
      .action((slug: string, csv: string, options: CourseOptions) =>
        run(options, () => importFile(slug, csv, options)),
      ),
  );
  course.addCommand(
    withServerOptions(new Command("copy"))
      .description("make a course from another, its dates moved (administrators)")
      .argument("<from>", "short name or id of the course to copy")
      .argument("<slug>", "short name of the new one")
      .option("--shift <days>", "by how much dates move; 364d keeps the day of the week", "364d")
      .option("--title <text>", "its title; the other's by default")
      .option("--instructor <email>", "who teaches it; somebody who is there already")
      .option("--json", "print it as JSON")
      .action((from: string, slug: string, options: CourseOptions & { shift: string }) =>
        run(options, () => copy(from, slug, options)),
      ),
  );
  course.addCommand(courseImportCommand());
  return course;
}

async function run(options: CourseOptions, work: () => Promise<number>): Promise<void> {
  process.exitCode = await exitCodeOf(options.json ?? false, languageOf(options), work);
}

async function create(slug: string, options: CourseOptions): Promise<number> {
  const settings = await clientSettings(options);
  const title = options.title ?? slug;
  const answer = await ask(settings, "/api/v1/courses", made, {
    json: {
      slug,
      title: { en: title, zh: options.titleZh ?? title },
      timeZone: options.timeZone,
      ...(options.instructor ? { instructor: options.instructor } : {}),
    },
  });
  console.log(
    options.json ? JSON.stringify(answer, null, 2) : `Made the course ${answer.slug} (${answer.id}).`,
  );
  return 0;
}

async function copy(from: string, slug: string, options: CourseOptions & { shift: string }): Promise<number> {
  const shiftDays = shiftDaysOf(options.shift);
  if (shiftDays === null) {
    console.error("--shift takes days, as 364d");
    return 2;
  }
  const settings = await clientSettings(options);
  const answer = await ask(
    settings,
    `/api/v1/courses/${encodeURIComponent(from)}/copy`,
    made.extend({ assignments: z.int(), suites: z.int() }),
    {
      json: {
        slug,
        shiftDays,
        ...(options.title ? { title: options.title } : {}),
        ...(options.instructor ? { instructor: options.instructor } : {}),
      },
    },
  );
  console.log(
    options.json
      ? JSON.stringify(answer, null, 2)
      : `Made the course ${answer.slug} (${answer.id}): ${answer.assignments} assignments as drafts, ${answer.suites} suite versions.`,
  );
  return 0;
}

async function importFile(course: string, csv: string, options: CourseOptions): Promise<number> {
  const settings = await clientSettings(options);
  const query = options.emailDomain ? `?emailDomain=${encodeURIComponent(options.emailDomain)}` : "";
  const path = `/api/v1/courses/${encodeURIComponent(course)}/roster${query}`;
  const answer = await ask(settings, path, imported, { body: await readFile(csv), type: "text/csv" });
  if (options.json) {
    console.log(JSON.stringify(answer, null, 2));
    return 0;
  }
  const { added, changed, unchanged, created, encoding } = answer;
  console.log(
    `${added} added (${created} of them new people), ${changed} changed, ${unchanged} as before; ${encoding}.`,
  );
  for (const { email, url } of answer.invitations) console.log(`${inert(email)}\t${inert(url)}`);
  return 0;
}

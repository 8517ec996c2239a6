// The command line. Each command is a file that is loaded only when it is asked for, so `assay submit` does not wait
// for the server's libraries.
import { Command } from "commander";
import { addHelp } from "./help/tree.ts";

interface Entry {
  description: string;
  load(): Promise<Command>;
}

/**
 * To add a command: a file in this folder exporting `xCommand(): Command`, a line here, and its examples and exit codes
 * in help/examples.ts.
 */
const commands: Record<string, Entry> = {
  serve: {
    description: "serve pages and API",
    load: async () => (await import("./serve.ts")).serveCommand(),
  },
  worker: {
    description: "grade what is submitted",
    load: async () => (await import("./worker.ts")).workerCommand(),
  },
  migrate: {
    description: "bring the database up to date",
    load: async () => (await import("./migrate.ts")).migrateCommand(),
  },
  backup: {
    description: "copy rows and blobs into a folder",
    load: async () => (await import("./backup.ts")).backupCommand(),
  },
  restore: {
    description: "put a backup into an empty installation",
    load: async () => (await import("./backup.ts")).restoreCommand(),
  },
  sbom: {
    description: "print what is in a sandbox image or in Assay itself",
    load: async () => (await import("./sbom.ts")).sbomCommand(),
  },
  doctor: {
    description: "say what this machine lacks and mend it",
    load: async () => (await import("./doctor.ts")).doctorCommand(),
  },
  admin: {
    description: "make administrators",
    load: async () => (await import("./admin.ts")).adminCommand(),
  },
  person: {
    description: "a person's data: as one file, or deleted",
    load: async () => (await import("./person.ts")).personCommand(),
  },
  lms: {
    description: "learning platforms that send people here and take points",
    load: async () => (await import("./lms.ts")).lmsCommand(),
  },
  init: {
    description: "write a new suite to start from",
    load: async () => (await import("./init/init.ts")).initCommand(),
  },
  suite: {
    description: "prove a suite, publish it",
    load: async () => (await import("./suite.ts")).suiteCommand(),
  },
  plan: {
    description: "how long students will wait before a deadline",
    load: async () => (await import("./plan.ts")).planCommand(),
  },
  course: {
    description: "make a course, import its roster",
    load: async () => (await import("./course.ts")).courseCommand(),
  },
  login: {
    description: "sign in and remember a token for this machine",
    load: async () => (await import("./login.ts")).loginCommand(),
  },
  extension: {
    description: "ask for another due date, answer, extend for many",
    load: async () => (await import("./extension.ts")).extensionCommand(),
  },
  rescore: {
    description: "change what tests are worth, over stored results",
    load: async () => (await import("./rescore.ts")).rescoreCommand(),
  },
  submit: {
    description: "hand in a ZIP, or a folder as one",
    load: async () => (await import("./submit.ts")).submitCommand(),
  },
  demo: {
    description: "run the whole of Assay on this machine",
    load: async () => (await import("./demo.ts")).demoCommand(),
  },
  grade: {
    description: "grade one ZIP against a suite, or a bundle, without a server",
    load: async () => (await import("./grade.ts")).gradeCommand(),
  },
  debug: {
    description: "look into an attempt: a shell in its sandbox, or all of it as a file",
    load: async () => (await import("./debug.ts")).debugCommand(),
  },
  completion: {
    description: "complete commands and options in your shell",
    load: async () => (await import("./help/completion.ts")).completionCommand(wholeProgram),
  },
};

const emptyProgram = () =>
  new Command("assay")
    .description("Assignment grader and submission system")
    .addHelpText(
      "after",
      "\nassay COMMAND --help ends with examples and exit codes; all of it stands in docs/cli.md.",
    );

/** With every command loaded: for completion and docs. */
export async function wholeProgram(): Promise<Command> {
  const program = emptyProgram();
  for (const { load } of Object.values(commands)) program.addCommand(await load());
  addHelp(program);
  return program;
}

/** Runs what `argv` (as `process.argv`) asks for. */
export async function runProgram(argv: string[]): Promise<void> {
  const program = emptyProgram();
  const [, , name = "help"] = argv;
  const asked = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (asked) program.addCommand(await asked.load());
  else
    for (const [each, { description }] of Object.entries(commands))
      program.command(each).description(description);
  addHelp(program);
  await program.parseAsync(argv);
}

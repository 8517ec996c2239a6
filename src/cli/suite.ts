// `assay suite …`: what an instructor does with a suite's folder. `publish` goes through the API.

import { openAsBlob } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { z } from "zod";
import { inert } from "../judge/inert.ts";
import { readSuite } from "../judge/read-suite.ts";
import { ConfigError } from "../platform/config.ts";
import { ask, exitCodeOf } from "./client/api.ts";
import {
  type ClientOptions,
  type ClientSettings,
  clientSettings,
  languageOf,
  withServerOptions,
} from "./client/settings.ts";
import { zipFolder } from "./client/zip-folder.ts";

interface PublishOptions extends ClientOptions {
  course: string;
  unproved?: string;
  register?: boolean;
  json?: boolean;
}

const version = z.looseObject({
  id: z.string(),
  suite: z.string(),
  number: z.int(),
  hash: z.string(),
  state: z.string(),
  problems: z.array(z.object({ en: z.string(), zh: z.string() })).nullable(),
});
export async function suiteCommand(): Promise<Command> {
  const { validateCommand } = await import("./validate.ts");
  const { diagnoseCommand } = await import("./diagnose.ts");
  const { importGradescopeCommand } = await import("./import-gradescope.ts");
  return new Command("suite")
    .description("prove a suite, publish it")
    .addCommand(validateCommand())
    .addCommand(diagnoseCommand())
    .addCommand(importGradescopeCommand())
    .addCommand(suitePublishCommand());
}

function suitePublishCommand(): Command {
  return withServerOptions(new Command("publish"))
    .description("register a suite as a version of a course, have the server prove it, publish it")
    .argument("<suite>", "the suite's folder, such as graders/hw4-dtw")
    .requiredOption("--course <course>", "short name or id")
    .option("--unproved <reason>", "publish without a proof that holds, and say why; it is kept and shown")
    .option("--register", "only register it; prove and publish it later")
    .option("--json", "print the version as JSON")
    .action(async (folder: string, options: PublishOptions) => {
      const json = options.json ?? false;
      process.exitCode = await exitCodeOf(json, languageOf(options), () => publish(folder, options));
    });
}

async function publish(folder: string, options: PublishOptions): Promise<number> {
  const settings = await clientSettings(options);
  let known = await registerFolder(settings, folder, options.course);
  const asked = !options.register && !options.unproved;
  if (asked && !["proved", "published"].includes(known.state)) known = await proveThere(settings, known.id);
  for (const problem of known.problems ?? []) console.error(inert(problem[languageOf(options)]));
  if (!options.register) {
    const json = options.unproved ? { unproved: options.unproved } : {};
    known = await ask(settings, `/api/v1/suite-versions/${known.id}/publish`, version, { json });
  }
  if (options.json) console.log(JSON.stringify(known, null, 2));
  else
    console.log(
      `${inert(known.suite)} version ${known.number} (${known.hash.slice(0, 12)}): ${inert(known.state)}`,
    );
  return 0;
}

export type RegisteredVersion = z.infer<typeof version>;

/** Sends the suite's files; the server reads them as it reads every ZIP. */
export async function registerFolder(
  settings: ClientSettings,
  folder: string,
  course: string,
): Promise<RegisteredVersion> {
  const suite = await readSuite(folder);
  const scratch = await mkdtemp(join(tmpdir(), "assay-suite-"));
  try {
    const zip = join(scratch, "suite.zip");
    const files = suite.files.map(({ path }) => path);
    await zipFolder(folder, files, zip);
    const path = `/api/v1/courses/${encodeURIComponent(course)}/suites`;
    const made = await ask(settings, path, version, { body: await openAsBlob(zip), type: "application/zip" });
    if (made.hash !== suite.hash)
      throw new ConfigError("the server read other files than are here; nothing is published");
    return made;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const LOOK_EVERY_MS = 2000;

/** The server's own workers prove it; what this machine would say of it counts for nothing there. */
async function proveThere(settings: ClientSettings, id: string): Promise<RegisteredVersion> {
  const path = `/api/v1/suite-versions/${id}`;
  let known = await ask(settings, `${path}/validation`, version, { method: "POST" });
  while (known.state === "validating") {
    await sleep(LOOK_EVERY_MS);
    known = await ask(settings, path, version);
  }
  return known;
}

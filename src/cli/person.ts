// `assay person export|delete`: on the server's own machine, by whoever runs it there.
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import { personByEmail } from "../accounts/people.ts";
import { type Config, ConfigError, readConfig } from "../platform/config.ts";
import type { Db } from "../platform/database.ts";
import { UserError } from "../platform/errors.ts";
import { openInstallation } from "../platform/installation.ts";
import { createLogger } from "../platform/log.ts";
import type { Line } from "../privacy/apply.ts";
import { exportPerson } from "../privacy/export.ts";
import { previewRemoval, removePerson } from "../privacy/removal.ts";
import { openBlobs } from "./blobs.ts";

export function personCommand(): Command {
  const person = new Command("person").description("a person's data: as one file, or deleted");
  person.addCommand(
    new Command("export")
      .description("write all that is here of a person into a ZIP")
      .argument("<email>")
      .requiredOption("--out <file>", "a new file")
      .option("--json", "print the file's name as JSON")
      .action(async (email: string, { out, json }: { out: string; json?: boolean }) => {
        await exportTo(readConfig(), email, out);
        console.log(json ? JSON.stringify({ out }) : `Wrote ${out}.`);
      }),
  );
  person.addCommand(
    new Command("delete")
      .description("delete a person's data; points stay under a pseudonym")
      .argument("<email>")
      .requiredOption("--reason <text>", "why; it is kept in the audit log")
      .option("--yes", "do it; without this only what would go is printed")
      .option("--json", "print the lines as JSON")
      .action(async (email: string, options: DeleteOptions) => {
        const lines = await deletePerson(readConfig(), email, options);
        console.log(options.json ? JSON.stringify(lines, null, 2) : textOf(lines, options.yes ?? false));
      }),
  );
  return person;
}

interface DeleteOptions {
  reason: string;
  yes?: boolean;
  json?: boolean;
}

async function exportTo(config: Config, email: string, out: string): Promise<void> {
  await withPerson(config, email, async (db, id) => {
    const { blobs, close } = await openBlobs(config, createLogger("warn"));
    try {
      const { zip } = await exportPerson(db, blobs, null, id);
      // 0600: it is somebody's whole data.
      await pipeline(zip, createWriteStream(out, { flags: "wx", mode: 0o600 }));
    } finally {
      close();
    }
  });
}

function deletePerson(config: Config, email: string, { reason, yes }: DeleteOptions): Promise<Line[]> {
  return withPerson(config, email, async (db, id) => {
    const { person, lines } = await previewRemoval(db, null, id);
    return yes ? removePerson(db, null, id, { reason, email: person.email }) : lines;
  });
}

async function withPerson<T>(
  config: Config,
  email: string,
  work: (db: Db, id: string) => Promise<T>,
): Promise<T> {
  const database = await openInstallation(config, "web", "person");
  try {
    const person = await personByEmail(database.db, email);
    if (!person) throw new ConfigError(`nobody has the e-mail ${email}`);
    return await work(database.db, person.id);
  } catch (error) {
    if (error instanceof UserError) throw new ConfigError(error.sentence("en"));
    throw error;
  } finally {
    await database.close();
  }
}

function textOf(lines: Line[], done: boolean): string {
  const some = lines
    .filter(({ rows }) => rows > 0)
    .map(({ act, rows, table }) => `${act.padEnd(6)} ${rows}\t${table}`);
  const end = done
    ? "Deleted. Blobs are collected within a day."
    : "Nothing was changed: add --yes to do it.";
  return [...some, end].join("\n");
}

// `assay admin create`: an administrator, made on the server's own machine; the first one can come no other way.
import { Command } from "commander";
import { eq } from "drizzle-orm";
import { audit } from "../accounts/audit.ts";
import { createAuth } from "../accounts/auth.ts";
import {
  createPerson,
  emailAddress,
  invite,
  oneLine,
  personByEmail,
  setPassword,
} from "../accounts/people.ts";
import { authSecret } from "../accounts/secret.ts";
import { people } from "../accounts/tables.ts";
import { invitationUrl } from "../api/people.ts";
import { courses } from "../courses/tables.ts";
import { type Config, ConfigError, readConfig } from "../platform/config.ts";
import { type Db, transaction } from "../platform/database.ts";
import { openInstallation } from "../platform/installation.ts";

export function adminCommand(): Command {
  const admin = new Command("admin").description("what only the owner of the server's machine may do");
  return admin.addCommand(allowAutogradersCommand()).addCommand(
    new Command("create")
      .description("make an administrator, or somebody who is there one")
      .argument("<email>")
      .option("--name <name>", "by default what stands before the @")
      .addHelpText(
        "after",
        "\nWith ASSAY_PASSWORD that is their password; else a link to set one is printed.",
      )
      .option("--json", "print e-mail and link as JSON")
      .action(async (given: string, options: { name?: string; json?: boolean }) => {
        const { email, link } = await createAdmin(readConfig(), given, options.name);
        if (options.json) console.log(JSON.stringify({ email, link }, null, 2));
        else if (link) console.log(`${email} is an administrator. To set a password: ${link}`);
        else console.log(`${email} is an administrator with the password of ASSAY_PASSWORD.`);
      }),
  );
}

/** The link sets their password; null where ASSAY_PASSWORD is it. */
async function createAdmin(
  config: Config,
  given: string,
  name: string | undefined,
): Promise<{ email: string; link: string | null }> {
  const email = emailAddress.safeParse(given);
  const called = oneLine(200).safeParse(name ?? given.split("@")[0]);
  if (!email.success || !called.success) throw new ConfigError(`${given} is no e-mail address`);
  const database = await openInstallation(config, "web", "admin");
  try {
    const { db } = database;
    const id = await makeAdmin(db, email.data, called.data);
    const baseUrl = config.publicUrl ?? `http://localhost:${config.port}`;
    const auth = createAuth({ db, secret: await authSecret(config.home), baseUrl, trustedOrigins: [] });
    const password = process.env.ASSAY_PASSWORD;
    if (password === undefined) {
      return { email: email.data, link: invitationUrl(baseUrl, await invite(auth, id)) };
    }
    await setPassword(auth, id, password);
    return { email: email.data, link: null };
  } finally {
    await database.close();
  }
}

function makeAdmin(db: Db, email: string, name: string): Promise<string> {
  return transaction(db, async (tx) => {
    const known = await personByEmail(tx, email);
    if (!known) return (await createPerson(tx, null, { email, name, admin: true })).id;
    await tx.update(people).set({ admin: true }).where(eq(people.id, known.id));
    await audit(tx, {
      actorId: null,
      action: "person.made_admin",
      subject: { kind: "person", id: known.id },
    });
    return known.id;
  });
}

function allowAutogradersCommand(): Command {
  return new Command("allow-autograders")
    .description("let a course's instructors register Gradescope autograders, whose scripts run as root")
    .argument("<course>", "its short name")
    .option("--revoke", "take that right back")
    .action(async (slug: string, options: { revoke?: boolean }) => {
      console.log(await allowAutograders(readConfig(), slug, !options.revoke));
    });
}

async function allowAutograders(config: Config, slug: string, allowed: boolean): Promise<string> {
  const database = await openInstallation(config, "web");
  try {
    return await transaction(database.db, async (tx) => {
      const [course] = await tx
        .update(courses)
        .set({ autograders: allowed })
        .where(eq(courses.slug, slug))
        .returning({ id: courses.id });
      if (!course) throw new ConfigError(`there is no course ${slug}`);
      await audit(tx, {
        actorId: null,
        action: allowed ? "course.autograders_allowed" : "course.autograders_refused",
        courseId: course.id,
        subject: { kind: "course", id: course.id },
        detail: {},
      });
      return `${slug}: instructors ${allowed ? "may" : "may not"} register Gradescope autograders.`;
    });
  } finally {
    await database.close();
  }
}

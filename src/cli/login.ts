// `assay login`: an API token for this machine, in exchange for e-mail and password.
import { hostname } from "node:os";
import { Command } from "commander";
import { z } from "zod";
import { inert } from "../judge/inert.ts";
import { ask, exitCodeOf } from "./client/api.ts";
import { askLine, askPassword } from "./client/prompt.ts";
import { type ClientOptions, languageOf, readSaved, saveSettings, serverOf } from "./client/settings.ts";

interface LoginOptions extends Omit<ClientOptions, "token"> {
  email?: string;
  days: string;
  scopes: string;
  print?: boolean;
}

const answer = z.object({ token: z.string(), expiresAt: z.string(), person: z.object({ name: z.string() }) });

export function loginCommand(): Command {
  return new Command("login")
    .description("sign in and remember a token for this machine")
    .option("--server <url>", "the server's address; else ASSAY_SERVER, else the one of the last login")
    .option("--email <email>", "who you are")
    .option(
      "--scopes <names>",
      "what the token may do, by commas: read, submit, manage",
      "read,submit,manage",
    )
    .option("--days <n>", "how long it lasts", "120")
    .option("--print", "print the token and save nothing (for scripts)")
    .option("--lang <lang>", "en or zh")
    .addHelpText("after", "\nThe password is asked for, or read from ASSAY_PASSWORD or from a pipe.")
    .action(async (options: LoginOptions) => {
      process.exitCode = await exitCodeOf(false, languageOf(options), () => login(options));
    });
}

async function login(options: LoginOptions): Promise<number> {
  const server = await serverOf(options);
  const email = options.email ?? (await askLine(`E-mail at ${server}: `, "--email"));
  const password = await askPassword("Password: ");
  const wish = { email, password, name: hostname().slice(0, 100) || "assay", days: Number(options.days) };
  const { token, expiresAt, person } = await ask(
    { server, lang: languageOf(options) },
    "/api/v1/token",
    answer,
    {
      json: { ...wish, scopes: options.scopes.split(",") },
    },
  );
  if (options.print) {
    console.log(token);
    return 0;
  }
  const path = await saveSettings({ ...(await readSaved().catch(() => ({}))), server, token });
  console.log(
    `Signed in as ${inert(person.name)} until ${inert(expiresAt.slice(0, 10))}; the token is in ${path}.`,
  );
  return 0;
}

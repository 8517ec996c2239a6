// Which server the command line speaks to, and as whom: options, environment, ~/.config/assay/config.json.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { ConfigError } from "../../platform/config.ts";

const saved = z.object({ server: z.url({ protocol: /^https?$/ }), token: z.string() }).partial();
export type SavedSettings = z.infer<typeof saved>;

export interface ClientOptions {
  server?: string;
  token?: string;
  lang?: "en" | "zh";
}
export interface ClientSettings {
  server: string;
  token: string;
  lang: "en" | "zh";
}

/** The options that every command has which speaks to a server. */
export function withServerOptions(command: Command): Command {
  return command
    .option("--server <url>", "the server's address; else ASSAY_SERVER, else what `assay login` saved")
    .option("--token <token>", "an API token; else ASSAY_TOKEN, else what `assay login` saved")
    .option("--lang <lang>", "en or zh; else what LANG says");
}

export function settingsFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CONFIG_HOME || join(homedir(), ".config"), "assay");
}

const settingsPath = () => join(settingsFolder(), "config.json");

export async function readSaved(): Promise<SavedSettings> {
  const text = await readFile(settingsPath(), "utf8").catch((error) => {
    if (error.code === "ENOENT") return "{}";
    throw error;
  });
  try {
    return saved.parse(JSON.parse(text));
  } catch {
    throw new ConfigError(`${settingsPath()} cannot be read: remove it and run “assay login” again`);
  }
}

/** Written beside and renamed, readable by its owner only. */
export async function saveSettings(settings: SavedSettings): Promise<string> {
  const path = settingsPath();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
  return path;
}

export async function serverOf(options: ClientOptions): Promise<string> {
  const server = options.server ?? process.env.ASSAY_SERVER ?? (await readSaved()).server;
  if (!server)
    throw new ConfigError("Which server? Give --server URL, or run “assay login --server URL” once.");
  if (!/^https?:\/\//.test(server)) throw new ConfigError(`${server} is no address: write it as https://…`);
  return server.replace(/\/+$/, "");
}

/** @throws ConfigError that says what to do */
export async function clientSettings(options: ClientOptions): Promise<ClientSettings> {
  const server = await serverOf(options);
  const remembered = await readSaved();
  // A token goes to the server that gave it, and to no other that somebody names.
  const known = remembered.server === server ? remembered.token : undefined;
  const token = options.token ?? process.env.ASSAY_TOKEN ?? known;
  if (!token)
    throw new ConfigError(`You are not signed in at ${server}: run “assay login --server ${server}”.`);
  return { server, token, lang: languageOf(options) };
}

export function languageOf({ lang }: ClientOptions, env: NodeJS.ProcessEnv = process.env): "en" | "zh" {
  if (lang === "en" || lang === "zh") return lang;
  return (env.LC_ALL || env.LC_MESSAGES || env.LANG || "").startsWith("zh") ? "zh" : "en";
}

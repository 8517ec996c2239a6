// What the environment says, read once and checked. Every name is listed here and nowhere else.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";

const list = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text) => text.split(",").map((part) => part.trim()))
    .pipe(
      z.array(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, "use small letters, digits and hyphens")).min(1),
    );

const whole = (fallback: number, min = 1) => z.coerce.number().int().min(min).default(fallback);

const databaseUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, "write it as postgres://user:password@host:port/database");

export const environment = z.object({
  /** Where blobs, the embedded database and secrets of this installation lie. */
  ASSAY_HOME: z
    .string()
    .min(1)
    .default(".assay")
    .transform((path) => resolve(path)),
  /** Unset: a PostgreSQL of our own under ASSAY_HOME. */
  DATABASE_URL: databaseUrl.optional(),
  /** Addresses of roles that may less than DATABASE_URL's (platform/grants.ts); unset: that one's. */
  DATABASE_URL_WEB: databaseUrl.optional(),
  DATABASE_URL_WORKER: databaseUrl.optional(),
  DATABASE_URL_READER: databaseUrl.optional(),
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: whole(3000, 0),
  /** The address that people type, for links in mail and for the check of a form's origin. */
  PUBLIC_URL: z.url().optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  /** A server for mail, as smtp://user:password@host:port; without it people read their news on the page only. */
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, "write it as smtp://user:password@host:port")
    .optional(),
  /** Whom mail comes from. */
  MAIL_FROM: z.string().min(3).default("Assay <assay@localhost>"),
  /** Queues that exist in this installation; a worker takes all of them unless told otherwise. */
  ASSAY_LANES: list("cpu,gpu"),
  /** Gradings that one worker process runs at once. */
  ASSAY_SLOTS: whole(2),
  /** Gradings of one person or group that run at once, over all workers. */
  ASSAY_TEAM_SLOTS: whole(2),
  /** GPUs of a worker's machine: auto asks nvidia-smi; none; or by commas ID=NAME=24GiB (docs/gpu.md). */
  ASSAY_GPUS: z.string().default("auto"),
  /** A worker touches this file at each pulse, for whoever watches it from beside (deploy/health.mjs). */
  ASSAY_ALIVE_FILE: z.string().min(1).optional(),
  /** Signing in by OpenID Connect: an issuer as it names itself, and who we are there. */
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  /** Whoever sends it reads /metrics; without it, this machine alone does, and only while PUBLIC_URL is unset. */
  METRICS_TOKEN: z.string().min(16, "take at least 16 characters").optional(),
  /** Blobs in an S3-compatible store; without a bucket they lie in ASSAY_HOME/blobs. */
  S3_BUCKET: z.string().min(1).optional(),
  S3_ENDPOINT: z.url().optional(),
  S3_REGION: z.string().min(1).default("us-east-1"),
  S3_PREFIX: z.string().max(200).default(""),
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  /** What the button says. */
  OIDC_NAME: z.string().min(1).max(60).default("OpenID"),
});

/** Secrets, which may also lie in a file: `DATABASE_URL_FILE` names one that holds what DATABASE_URL would say. */
const secrets = [
  "DATABASE_URL",
  "DATABASE_URL_WEB",
  "DATABASE_URL_WORKER",
  "DATABASE_URL_READER",
  "SMTP_URL",
  "OIDC_CLIENT_SECRET",
  "METRICS_TOKEN",
  "S3_ACCESS_KEY_ID",
  "S3_SECRET_ACCESS_KEY",
] as const;

export interface S3Config {
  bucket: string;
  region: string;
  endpoint: string | undefined;
  prefix: string;
  credentials: { accessKeyId: string; secretAccessKey: string } | undefined;
}

export interface Config {
  home: string;
  databaseUrl: string | undefined;
  roleUrls: { web?: string; worker?: string; reader?: string };
  host: string;
  port: number;
  publicUrl: string | undefined;
  /** Null: no mail is sent. */
  mail: { url: string; from: string } | null;
  logLevel: z.infer<typeof environment>["LOG_LEVEL"];
  lanes: string[];
  slots: number;
  teamSlots: number;
  aliveFile: string | undefined;
  metricsToken: string | undefined;
  /** Null: blobs lie in a folder. */
  s3: S3Config | null;
  /** Null: passwords only. */
  oidc: { issuer: string; clientId: string; clientSecret: string | undefined; name: string } | null;
  gpus: string;
}

/** A variable that cannot be used, in words that name it. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/**
 * Reads the configuration.
 * @throws ConfigError naming each variable that cannot be used and why.
 */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const said = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const given = { ...secretsFromFiles(said), ...said };
  const read = environment.safeParse(given);
  if (!read.success) {
    throw new ConfigError(
      read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n"),
    );
  }
  const { data } = read;
  return {
    home: data.ASSAY_HOME,
    databaseUrl: data.DATABASE_URL,
    roleUrls: {
      ...(data.DATABASE_URL_WEB && { web: data.DATABASE_URL_WEB }),
      ...(data.DATABASE_URL_WORKER && { worker: data.DATABASE_URL_WORKER }),
      ...(data.DATABASE_URL_READER && { reader: data.DATABASE_URL_READER }),
    },
    host: data.HOST,
    port: data.PORT,
    publicUrl: data.PUBLIC_URL,
    mail: data.SMTP_URL === undefined ? null : { url: data.SMTP_URL, from: data.MAIL_FROM },
    logLevel: data.LOG_LEVEL,
    lanes: data.ASSAY_LANES,
    slots: data.ASSAY_SLOTS,
    teamSlots: data.ASSAY_TEAM_SLOTS,
    aliveFile: data.ASSAY_ALIVE_FILE,
    metricsToken: data.METRICS_TOKEN,
    s3: s3Of(data),
    oidc: oidcOf(data),
    gpus: data.ASSAY_GPUS,
  };
}

function s3Of(data: z.infer<typeof environment>): S3Config | null {
  const { S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = data;
  if (bucket === undefined) return null;
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
    throw new ConfigError("S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY: give both or neither");
  const credentials =
    accessKeyId !== undefined && secretAccessKey !== undefined ? { accessKeyId, secretAccessKey } : undefined;
  return { bucket, region: data.S3_REGION, endpoint: data.S3_ENDPOINT, prefix: data.S3_PREFIX, credentials };
}

function oidcOf(data: z.infer<typeof environment>): Config["oidc"] {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = data;
  if (issuer === undefined && clientId === undefined) return null;
  if (issuer === undefined) throw new ConfigError("OIDC_ISSUER: give it beside OIDC_CLIENT_ID");
  if (clientId === undefined) throw new ConfigError("OIDC_CLIENT_ID: give it beside OIDC_ISSUER");
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(new URL(issuer).hostname);
  if (!issuer.startsWith("https:") && !local)
    throw new ConfigError("OIDC_ISSUER: write it with https, since who answers there says who people are");
  return { issuer, clientId, clientSecret, name: data.OIDC_NAME };
}

function secretsFromFiles(env: Record<string, string | undefined>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of secrets) {
    const file = env[`${name}_FILE`];
    if (file === undefined) continue;
    try {
      found[name] = readFileSync(file, "utf8").trim();
    } catch (cause) {
      throw new ConfigError(`${name}_FILE: ${file} cannot be read`, { cause });
    }
  }
  return found;
}

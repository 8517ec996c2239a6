// `assay lms`: which learning platforms this installation believes, said on the server's own machine.
import { Command } from "commander";
import { listPlatforms, newPlatform, registerPlatform } from "../lms/platforms.ts";
import { ConfigError, readConfig } from "../platform/config.ts";
import type { Db } from "../platform/database.ts";
import { openInstallation } from "../platform/installation.ts";

interface RegisterOptions {
  issuer: string;
  client: string;
  authorizationUrl: string;
  tokenUrl: string;
  keysUrl: string;
  deployment: string[];
}

export function lmsCommand(): Command {
  const lms = new Command("lms").description("learning platforms: sign-in and points by LTI 1.3");
  lms
    .command("register")
    .description("believe a platform, or change what is known of it")
    .argument("<name>", "what people here call it")
    .requiredOption("--issuer <issuer>", "as it names itself (Canvas: https://canvas.instructure.com)")
    .requiredOption("--client <id>", "who Assay is there")
    .requiredOption("--authorization-url <url>", "where people are sent to sign in")
    .requiredOption("--token-url <url>", "where a token for points is asked for")
    .requiredOption("--keys-url <url>", "where its public keys are (JWKS)")
    .requiredOption("--deployment <id...>", "the deployments whose launches are taken")
    .action(async (name: string, options: RegisterOptions) => {
      const { client, deployment, ...rest } = options;
      const read = newPlatform.safeParse({ ...rest, name, clientId: client, deployments: deployment });
      if (!read.success)
        throw new ConfigError(
          read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n"),
        );
      await withDatabase((db) => registerPlatform(db, read.data));
      console.log(`${name} is registered. What to give it: assay lms tool`);
    });
  lms
    .command("list")
    .description("the platforms that are registered")
    .option("--json", "as JSON on stdout")
    .action(async ({ json }: { json?: boolean }) => {
      const platforms = await withDatabase((db) => listPlatforms(db));
      if (json) return console.log(JSON.stringify(platforms, null, 2));
      for (const { name, issuer, clientId, deployments } of platforms)
        console.log(`${name}  ${issuer}  client ${clientId}  deployments ${deployments.join(", ")}`);
    });
  lms
    .command("tool")
    .description("the addresses to give to a platform")
    .option("--json", "as JSON on stdout")
    .action(({ json }: { json?: boolean }) => {
      const { publicUrl, port } = readConfig();
      const base = (publicUrl ?? `http://localhost:${port}`).replace(/\/$/, "");
      const tool = { login: `${base}/lti/login`, launch: `${base}/lti/launch`, keys: `${base}/lti/keys` };
      if (json) return console.log(JSON.stringify(tool, null, 2));
      console.log(`Login initiation: ${tool.login}\nRedirect and target link: ${tool.launch}`);
      console.log(
        `Public keys (JWKS): ${tool.keys}\nOpen links in a new window; services: Assignment and Grade Services.`,
      );
    });
  return lms;
}

async function withDatabase<T>(work: (db: Db) => Promise<T>): Promise<T> {
  const database = await openInstallation(readConfig(), "web", "lms");
  try {
    return await work(database.db);
  } finally {
    await database.close();
  }
}

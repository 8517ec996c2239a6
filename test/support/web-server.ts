// The server itself, listening, and the services to write rows with beside it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openServices, startServer } from "../../src/cli/serve.ts";
import type { Services } from "../../src/http/services.ts";
import { type Config, readConfig } from "../../src/platform/config.ts";
import { openDatabase } from "../../src/platform/database.ts";
import type { Logger } from "../../src/platform/log.ts";
import type { RoleAddresses } from "../../src/platform/roles.ts";
import { diskBlobs } from "../../src/storage/blobs.ts";

export interface WebServer {
  url: string;
  home: string;
  services: Services;
  stop(): Promise<void>;
}

/**
 * @param databaseUrl migrated already, or an empty database that the server migrates itself.
 * @param roles the server is given its own; so is who writes rows beside it.
 */
export async function startWebServer(
  databaseUrl: string,
  log: Logger,
  roles: Required<RoleAddresses>,
  more: Partial<Config> = {},
): Promise<WebServer> {
  const home = await mkdtemp(join(tmpdir(), "assay-web-"));
  const config: Config = {
    ...readConfig({}),
    home,
    databaseUrl,
    roleUrls: roles,
    port: 0,
    lanes: ["cpu", "gpu"],
    ...more,
  };
  const server = await startServer(config, log);
  const database = openDatabase(roles.web, { connections: 3, name: "test writer" });
  const closing: (() => Promise<unknown>)[] = [() => database.close()];
  const blobs = diskBlobs(join(home, "blobs"));
  const services = await openServices(config, database, log, server.url, closing, blobs);
  const stop = async () => {
    for (const close of closing.reverse()) await close();
    await server.stop();
    await rm(home, { recursive: true, force: true });
  };
  return { url: server.url, home, services, stop };
}

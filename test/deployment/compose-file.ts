// docker-compose.yml as a test reads it: what a service runs, with the places of its volumes put into a folder of this
// machine, so that each can be started without containers.
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

export interface Service {
  image: string;
  build?: unknown;
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  tmpfs?: string[];
  networks?: string[];
  network_mode?: string;
  depends_on?: Record<string, { condition: string }>;
  restart?: string;
  user?: string;
  profiles?: string[];
  ports?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  cap_add?: string[];
  security_opt?: string[];
  stop_grace_period?: string;
  deploy?: { resources: { reservations: { devices: unknown[] } } };
  healthcheck?: { test: string[]; interval: string; timeout: string; retries: number; start_period: string };
}

export interface ComposeFile {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  networks: Record<string, { internal?: boolean } | null>;
}

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** The file, with its variables' defaults in place, as where no .env lies beside it. */
export function readComposeFile(): ComposeFile {
  const text = readFileSync(join(root, "docker-compose.yml"), "utf8");
  return parse(
    text.replace(/\$\{[A-Z0-9_]+:-([^}]*)\}/g, (_, fallback) => fallback),
    { merge: true },
  ) as ComposeFile;
}

/** A service's words and environment, with every path inside its container replaced by one below `folder`. */
export async function onThisMachine(service: Service, folder: string, name: string) {
  const places: [inside: string, here: string][] = [];
  for (const volume of service.volumes ?? []) {
    const [from = "", at = ""] = volume.split(":");
    const here = from.startsWith("/")
      ? from
      : from.startsWith(".")
        ? join(root, from)
        : join(folder, "volumes", from);
    places.push([at, here]);
  }
  for (const at of service.tmpfs ?? []) places.push([at, join(folder, "tmpfs", name, at)]);
  places.sort(([a], [b]) => b.length - a.length);
  for (const [, here] of places) {
    if (here.startsWith(folder)) await mkdir(here, { recursive: true, mode: 0o755 });
  }
  const place = (text: string) => {
    const found = places.find(([at]) => text === at || text.startsWith(`${at}/`));
    return found ? found[1] + text.slice(found[0].length) : text;
  };
  const env = Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([key, value]) => [key, place(value)]),
  );
  return { env, place, words: (list: string[] = []) => list.map(place) };
}

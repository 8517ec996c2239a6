// The browser's part as Vite built it: names by content, so that browsers may keep them for ever. Read whole at the
// start; what is not in the list is not served.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Hono } from "hono";
import { fail } from "../http/errors.ts";
import type { AppEnv } from "../http/services.ts";

const folder = fileURLToPath(new URL("../../dist/web/", import.meta.url));
const types: Record<string, string> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".ttf": "font/ttf",
  ".svg": "image/svg+xml",
};
const YEAR_SECONDS = 31_536_000;

type Manifest = Record<string, { file: string; css?: string[] }>;
let manifest: Manifest | null = null;

/** Addresses of an entry's script and style sheets. */
export function builtAssets(entry: "main.ts" | "math.ts" | "pdf-frame.ts"): {
  script: string;
  styles: string[];
} {
  manifest ??= readManifest();
  const found = manifest[entry];
  if (!found) throw new Error(`dist/web holds no ${entry}: run “npx vite build”`);
  return { script: `/assets/${found.file}`, styles: (found.css ?? []).map((name) => `/assets/${name}`) };
}

function readManifest(): Manifest {
  const path = `${folder}manifest.json`;
  if (!existsSync(path)) throw new Error("the pages' styles are not built: run “npx vite build”");
  return JSON.parse(readFileSync(path, "utf8"));
}

export function addAssets(app: Hono<AppEnv>): void {
  const files = new Map<string, { bytes: Uint8Array<ArrayBuffer>; type: string }>();
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names) {
    const type = types[extname(name)];
    if (type) files.set(name, { bytes: new Uint8Array(readFileSync(folder + name)), type });
  }
  app.get("/assets/:name", (c) => {
    const file = files.get(c.req.param("name"));
    if (!file) throw fail("not_found");
    return c.body(file.bytes, 200, {
      "Content-Type": file.type,
      // The PDF's frame has no origin, and loads its script from here all the same; these files are nobody's secret.
      "Access-Control-Allow-Origin": "*",
      "Cache-Control": `public, max-age=${YEAR_SECONDS}, immutable`,
    });
  });
}

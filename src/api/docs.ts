// The API's document, and pages of it: Swagger UI's own files, served by ourselves.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { fail } from "../http/errors.ts";
import type { AppEnv } from "../http/services.ts";

const files: Record<string, string> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "favicon-32x32.png": "image/png",
};
/** Its styles set attributes and its icons are data addresses; scripts stay ours. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";
const pageText = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Assay API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="docs/favicon-32x32.png">
</head>
<body>
<div id="swagger"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;
const startText = `SwaggerUIBundle({ url: "openapi.json", dom_id: "#swagger", deepLinking: true, validatorUrl: null });\n`;

export function addDocs(app: OpenAPIHono<AppEnv>): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "token", { type: "http", scheme: "bearer" });
  app.openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "assay.session_token",
  });
  app.doc31("/api/openapi.json", (c) => ({
    openapi: "3.1.0",
    info: {
      title: "Assay",
      version: "1",
      description:
        "Hand in, follow and read gradings. Points are integers of hundredths, moments are ISO 8601. Lists come in " +
        "pages: send `next` back as `after` or `before`. Sentences are in English or Chinese by `Accept-Language` or " +
        "`?lang=`. What is not yours to see answers 404.",
    },
    servers: [{ url: c.var.services.publicUrl }],
  }));
  app.get("/api/docs", (c) => {
    c.header("Content-Security-Policy", policy);
    return c.html(pageText);
  });
  app.get("/api/docs/start.js", (c) =>
    c.body(startText, 200, { "Content-Type": "text/javascript; charset=utf-8" }),
  );
  app.get("/api/docs/:file", async (c) => {
    const name = c.req.param("file");
    const type = Object.hasOwn(files, name) ? files[name] : undefined;
    if (!type) throw fail("not_found");
    const folder = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
    const bytes = await readFile(join(folder, name));
    return c.body(new Uint8Array(bytes), 200, {
      "Content-Type": type,
      "Cache-Control": "public, max-age=3600",
    });
  });
}

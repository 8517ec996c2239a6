// A process that uses the embedded PostgreSQL of `ASSAY_HOME` until it is told to end or is killed.
import { openEmbeddedPostgres } from "../../src/platform/embedded-postgres.ts";

const { url } = await openEmbeddedPostgres(process.env.ASSAY_HOME ?? "");
console.log(url);
process.on("SIGTERM", () => process.exit(0));
setInterval(() => {}, 1000);

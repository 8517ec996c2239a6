// `assay migrate`: brings the database up to date. `serve` and `worker` do it themselves when they start; this is
// for whoever wants it apart, before a new version goes up.
import { Command } from "commander";
import { readConfig } from "../platform/config.ts";
import { databaseAddresses, ownerOf } from "../platform/installation.ts";
import { isUpToDate, migrate, missingMigrations } from "../platform/migrate.ts";

export function migrateCommand(): Command {
  return new Command("migrate")
    .description("bring the database up to date: its tables, and what each role may do with them")
    .option("--check", "only say whether it is; the exit code is 1 when it is not")
    .option("--json", "print it as JSON")
    .action(async ({ check, json }: { check?: boolean; json?: boolean }) => {
      const config = readConfig();
      const addresses = await databaseAddresses(config);
      try {
        const url = ownerOf(addresses);
        const missing = await missingMigrations(url);
        if (check) {
          const upToDate = await isUpToDate(url, addresses.roles);
          console.log(
            json
              ? JSON.stringify({ upToDate, missing })
              : upToDate
                ? "The database is up to date."
                : `${missing} migrations${missing === 0 ? ", but grants," : ""} are missing: run assay migrate`,
          );
          process.exitCode = upToDate ? 0 : 1;
          return;
        }
        await migrate(url, config.lanes, addresses.roles);
        const done = missing === 0 ? "The database was up to date." : `Applied ${missing} migrations.`;
        console.log(json ? JSON.stringify({ applied: missing }) : done);
      } finally {
        await addresses.release();
      }
    });
}

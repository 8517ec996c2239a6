// `assay migrate`: brings the database up to date. `serve` and `worker` do it themselves when they start; this is
// for whoever wants it apart, before a new version goes up.
import { Command } from "commander";
import { readConfig } from "../platform/config.ts";
import { databaseAddress } from "../platform/installation.ts";
import { migrate, missingMigrations } from "../platform/migrate.ts";

export function migrateCommand(): Command {
  return new Command("migrate")
    .description("bring the database up to date")
    .option("--check", "only say whether it is; the exit code is 1 when it is not")
    .action(async ({ check }: { check?: boolean }) => {
      const config = readConfig();
      const { url, release } = await databaseAddress(config);
      try {
        const missing = await missingMigrations(url);
        if (check) {
          console.log(
            missing === 0
              ? "The database is up to date."
              : `${missing} migrations are missing: run assay migrate`,
          );
          process.exitCode = missing === 0 ? 0 : 1;
          return;
        }
        await migrate(url, config.lanes);
        console.log(missing === 0 ? "The database was up to date." : `Applied ${missing} migrations.`);
      } finally {
        await release();
      }
    });
}

// `assay doctor`: what this machine lacks, and the exact command that mends it.
import { Command } from "commander";
import { browserCheck } from "./doctor/browser.ts";
import { cgroupsCheck } from "./doctor/cgroups.ts";
import { type Check, examine, type Finding, isFatal } from "./doctor/check.ts";
import { clusterCheck } from "./doctor/cluster.ts";
import { databaseRolesCheck } from "./doctor/database-roles.ts";
import { diskCheck } from "./doctor/disk.ts";
import { dockerCheck } from "./doctor/docker.ts";
import { engineApiCheck } from "./doctor/engine-api.ts";
import { gpuCheck } from "./doctor/gpu.ts";
import { imagesCheck } from "./doctor/images.ts";
import { memoryCheck } from "./doctor/memory.ts";
import { nodeCheck } from "./doctor/node.ts";
import { postgresCheck } from "./doctor/postgres.ts";
import { runtimeCheck } from "./doctor/runtime.ts";

/** In the order in which one stands on another. */
export const checks: readonly Check[] = [
  nodeCheck,
  dockerCheck,
  engineApiCheck,
  cgroupsCheck,
  runtimeCheck,
  imagesCheck,
  clusterCheck,
  diskCheck,
  memoryCheck,
  postgresCheck,
  databaseRolesCheck,
  browserCheck,
  gpuCheck,
];

interface Options {
  fix?: boolean;
  yes?: boolean;
  json?: boolean;
  tests?: boolean;
}

export function doctorCommand(): Command {
  return new Command("doctor")
    .description("say what this machine lacks, and the command that mends it")
    .option("--fix", "mend what can be mended from here (asks before it installs)")
    .option("--yes", "do not ask")
    .option("--tests", "count what only the tests of Assay itself need as required, too")
    .option("--json", "the findings as JSON on stdout")
    .action(async (options: Options) => {
      const findings = await diagnose(options);
      if (options.json) console.log(JSON.stringify({ findings: findings.map(forJson) }, null, 2));
      else for (const finding of findings) console.log(lines(finding));
      process.exitCode = findings.some(isFatal) ? 1 : 0;
    });
}

/** Runs every check, mending on the way, when asked to, what is required or what the tests need. */
export async function diagnose({ fix = false, yes = false, tests = false }: Options): Promise<Finding[]> {
  const findings: Finding[] = [];
  const onProgress = (line: string) => console.error(`  ${line}`);
  for (const check of checks) {
    let finding = await examine(check);
    const wanted = check.required || (tests && check.forTests);
    if (fix && wanted && "fix" in finding.outcome && finding.outcome.fix) {
      try {
        await finding.outcome.fix({ yes, onProgress });
        finding = await examine(check);
      } catch (error) {
        const { message } = error as Error;
        finding = {
          ...finding,
          outcome: { ...finding.outcome, found: `${finding.outcome.found} — ${message}` },
        };
      }
    }
    findings.push(finding);
  }
  return findings;
}

const SIGNS = { ok: "✓", missing: "✗", warning: "!", skipped: "–" } as const;

function lines({ title, outcome }: Finding): string {
  const line = `${SIGNS[outcome.state]} ${title}: ${outcome.found}`;
  return "mend" in outcome ? `${line}\n    ${outcome.mend}` : line;
}

const forJson = ({ id, title, required, outcome: { state, found, ...rest } }: Finding) => ({
  id,
  title,
  required,
  state,
  found,
  mend: "mend" in rest ? rest.mend : null,
});

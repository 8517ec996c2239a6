// The entry: hands over to cli/, and says in one line what went wrong.
import { runProgram } from "./cli/program.ts";
import { ConfigError } from "./platform/config.ts";
import { InfrastructureFault, UserError } from "./platform/errors.ts";

try {
  await runProgram(process.argv);
} catch (error) {
  const expected =
    error instanceof UserError || error instanceof ConfigError || error instanceof InfrastructureFault;
  console.error(expected ? error.message : error);
  process.exitCode = 1;
}

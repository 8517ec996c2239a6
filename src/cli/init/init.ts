// `assay init NAME`: a new suite's folder that validates at once.
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { ConfigError } from "../../platform/config.ts";
import { template } from "./template.ts";

export function initCommand(): Command {
  return new Command("init")
    .description("write a small suite that validates at once, to be made into your own")
    .argument("<folder>", "such as hw5; its last part becomes the suite's id")
    .option("--json", "print what was written as JSON")
    .action(async (folder: string, { json }: { json?: boolean }) => {
      await init(folder);
      if (json) {
        console.log(JSON.stringify({ folder: resolve(folder), files: Object.keys(template) }, null, 2));
        return;
      }
      console.log(`${folder}: a suite of ${Object.keys(template).length} files`);
      console.log(`Prove it: assay suite validate ${folder}`);
    });
}

async function init(folder: string): Promise<void> {
  const id = basename(resolve(folder));
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(id))
    throw new ConfigError(`${id} cannot be a suite's id: use small letters, digits and hyphens`);
  // Nothing of somebody's is overwritten: the folder must be new.
  await mkdir(dirname(resolve(folder)), { recursive: true });
  await mkdir(folder).catch(() => {
    throw new ConfigError(`${folder} is there already: choose another name`);
  });
  for (const [path, text] of Object.entries(template)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text.replaceAll("{id}", id));
  }
}

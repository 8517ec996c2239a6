// `assay sbom`: what software is in what grades, in the format that scanners read (CycloneDX).
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Argument, Command } from "commander";
import { openEngine } from "../sandbox/engine.ts";
import { imageRecipe } from "../sandbox/image-recipe.ts";
import { reference } from "../sandbox/images.ts";
import { sbomOfImage } from "../sandbox/sbom-of-image.ts";

const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));

export function sbomCommand(): Command {
  return new Command("sbom")
    .description("print what is in a sandbox image or in Assay itself, as CycloneDX")
    .addArgument(
      new Argument("<what>", "an image, or Assay's own packages").choices(["student", "harness", "assay"]),
    )
    .option("--image <name>", "a folder of sandbox/images", "python-ml")
    .option("--id <id>", "an image by the id that a report names, in place of the present one")
    .action(async (what: "student" | "harness" | "assay", { image, id }: { image: string; id?: string }) => {
      process.stdout.write(what === "assay" ? await ownSbom() : await imageSbom(what, image, id));
    });
}

const imageSbom = (kind: "student" | "harness", name: string, id = reference(imageRecipe(name, kind))) =>
  sbomOfImage(openEngine(), id);

/** From the lock file, which names every package with its sum; npm asks nobody for it. */
async function ownSbom(): Promise<string> {
  const args = ["sbom", "--sbom-format=cyclonedx", "--package-lock-only", "--omit=dev"];
  const { stdout } = await promisify(execFile)("npm", args, { cwd: CHECKOUT, maxBuffer: 64 * 1024 ** 2 });
  return stdout;
}

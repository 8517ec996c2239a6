// The list of contents that is in a real image, and its way into a report.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEngine } from "./engine.ts";
import { imageRecipe } from "./image-recipe.ts";
import { reference } from "./images.ts";
import { openSandboxPool, type SandboxPool } from "./pool.ts";
import { digestOf } from "./sbom.ts";
import { sbomOfImage } from "./sbom-of-image.ts";
import { freshHome, tinySuite, whyNoSandbox } from "./testing/fixtures.ts";

const skipped = await whyNoSandbox();
if (skipped) console.warn(`skipped: ${skipped}`);

describe.skipIf(skipped)("the list of an image's contents", { timeout: 120_000 }, () => {
  const engine = openEngine();
  let pool: SandboxPool;

  beforeAll(async () => {
    pool = await openSandboxPool({ home: freshHome().path });
  });
  afterAll(() => pool?.close());

  test("is in the image, and a pair knows its digest for the report", async () => {
    const pair = await pool.acquire(tinySuite(), new AbortController().signal);
    const { student, harness, sboms } = pair.digests;
    pair.release();
    expect(digestOf(await sbomOfImage(engine, student))).toBe(sboms.student);
    expect(digestOf(await sbomOfImage(engine, harness))).toBe(sboms.harness);
  });

  test("names the packages that are really there, and says which image has the tests' own", async () => {
    const named = async (kind: "student" | "harness") => {
      const document = await sbomOfImage(engine, reference(imageRecipe("python-ml", kind)));
      return JSON.parse(document.toString()).components.map(({ name }: { name: string }) => name) as string[];
    };
    const [student, harness] = [await named("student"), await named("harness")];
    expect(student).toEqual(
      expect.arrayContaining(["python3-numpy", "python3-torch", "opt/assay/runner/main.py"]),
    );
    expect(student).not.toContain("python3-pytest");
    expect(harness).toEqual(expect.arrayContaining(["python3-pytest", "opt/assay/harness/main.py"]));
  });

  test("is missing from an image of somebody else, which is said", async () => {
    await expect(sbomOfImage(engine, "assay/no-such-image:1")).rejects.toThrow("there is no image");
  });
});

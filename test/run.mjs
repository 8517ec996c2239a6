// `npm test`: every runner of the project, then one line that sums them. What this machine cannot do is said and
// counted as skipped, never as passed.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setUp } from "../bin/setup.mjs";

await setUp();

const folder = await mkdtemp(join(tmpdir(), "assay-test-"));
const sum = { passed: 0, failed: 0, skipped: 0 };
const skips = [];

const prepared = await run("node", ["bin/assay.mjs", "doctor", "--fix", "--yes", "--tests"]);
if (prepared !== 0)
  console.error("doctor found something that it could not mend: what needs it is skipped below");

await vitest();
await pytest();
await rm(folder, { recursive: true, force: true });

for (const skip of skips.slice(0, 40)) console.log(`skipped: ${skip}`);
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exit(sum.failed === 0 && sum.passed > 0 ? 0 : 1);

async function vitest() {
  const output = join(folder, "vitest.json");
  const status = await run("vitest", [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${output}`,
    ...process.argv.slice(2),
  ]);
  const results = await readJson(output);
  if (!results) return void sum.failed++;
  sum.passed += results.numPassedTests;
  sum.failed += results.numFailedTests;
  for (const file of results.testResults) {
    // A file that could not even be loaded has no test to fail.
    if (file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"))
      sum.failed++;
    for (const test of file.assertionResults) {
      if (test.status === "passed" || test.status === "failed") continue;
      sum.skipped++;
      skips.push(test.fullName);
    }
  }
  if (status !== 0 && sum.failed === 0) sum.failed++;
}

/** The Python parts and the suites' own checks (of metrics, say) run inside the harness image, where they will live. */
async function pytest() {
  const image = await output("docker", [
    "images",
    "assay/harness-python-ml",
    "--format",
    "{{.Repository}}:{{.Tag}}",
  ]);
  if (image.text.trim() === "") {
    sum.skipped++;
    skips.push("the Python parts: they need the Docker engine and the harness image (assay doctor says why)");
    return;
  }
  // In parts: each container has a deadline of its own, and the hostile part waits a lot.
  const hostile = ["test_hostile_runners.py", "test_hostile_students.py"];
  const checks = (await readdir("graders"))
    .map((suite) => `graders/${suite}/checks`)
    .filter((folder) => existsSync(folder));
  const suites = ["test_desk_suites.py", ...checks.map((folder) => `../../${folder}`)];
  const others = (await readdir("sandbox/tests")).filter(
    (name) => /^test_.*\.py$/.test(name) && !hostile.includes(name) && !suites.includes(name),
  );
  for (const files of [others, suites, hostile]) await pytestOf(files, image.text.split("\n")[0]);
}

async function pytestOf(files, image) {
  const run = await output("sh", ["sandbox/tests/run.sh", "-rs", ...files], { IMAGE: image });
  console.log(run.text);
  const closing =
    run.text
      .trim()
      .split("\n")
      .findLast((line) => /\d+ (passed|failed|skipped|error)/.test(line)) ?? "";
  const count = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(closing)?.[1] ?? 0);
  const failed = count("failed") + count("errors?");
  sum.passed += count("passed");
  sum.skipped += count("skipped");
  sum.failed += failed === 0 && run.status !== 0 ? 1 : failed;
  for (const [, reason] of run.text.matchAll(/^SKIPPED .*?: (.*)$/gm)) skips.push(`pytest: ${reason}`);
}

function output(command, args, environment = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ...environment },
    });
    let text = "";
    child.stdout.on("data", (part) => {
      text += part;
    });
    child.on("error", () => resolve({ status: 1, text }));
    child.on("exit", (status) => resolve({ status: status ?? 1, text }));
  });
}

async function readJson(path) {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return null;
  }
}

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(1);
    });
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

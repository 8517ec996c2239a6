import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { tarOf } from "./image-import.ts";
import { debianPackages, digestOf, packagesIn, sbomOf } from "./sbom.ts";

const STATUS = `Package: python3-numpy
Status: install ok installed
Maintainer: Debian Python Team
Architecture: amd64
Version: 1:2.2.4+ds-1
Description: fast array facility
 Version: not a field, since the line is a continuation
 .
 More.

Package: gone
Status: deinstall ok config-files
Architecture: all
Version: 1.0

Package: adduser
Status: install ok installed
Architecture: all
Version: 3.152
`;
const recipe = {
  repository: "assay/student-python-ml",
  base: "0123456789abcdef",
  code: [{ path: "opt/assay/runner/main.py", bytes: Buffer.from("print(1)") }],
};

test("the packages are those that dpkg says are installed, by name", () => {
  expect(debianPackages(STATUS)).toEqual([
    { name: "adduser", version: "3.152", architecture: "all" },
    { name: "python3-numpy", version: "1:2.2.4+ds-1", architecture: "amd64" },
  ]);
});

test("a package's URL keeps its epoch and escapes its plus, and our own files have their sums", () => {
  const { components, specVersion } = JSON.parse(sbomOf(recipe, debianPackages(STATUS)).toString());
  expect(specVersion).toBe("1.6");
  expect(components.map(({ purl, name }: { purl?: string; name: string }) => purl ?? name)).toEqual([
    "pkg:deb/debian/adduser@3.152?arch=all",
    "pkg:deb/debian/python3-numpy@1:2.2.4%2Bds-1?arch=amd64",
    "opt/assay/runner/main.py",
  ]);
});

test("equal contents have an equal digest, and one other version has another", () => {
  const packages = debianPackages(STATUS);
  const other = packages.map((one) => ({ ...one, version: `${one.version}1` }));
  expect(digestOf(sbomOf(recipe, packages))).toBe(digestOf(sbomOf(recipe, debianPackages(STATUS))));
  expect(digestOf(sbomOf(recipe, other))).not.toBe(digestOf(sbomOf(recipe, packages)));
});

test("the list is found in a root filesystem's tar, and its lack is an error", async () => {
  const rootfs = async (path: string) => Readable.from([await tarOf([{ path, bytes: Buffer.from(STATUS) }])]);
  expect(await packagesIn(await rootfs("./var/lib/dpkg/status"))).toHaveLength(2);
  await expect(packagesIn(await rootfs("elsewhere"))).rejects.toThrow("no packages");
});

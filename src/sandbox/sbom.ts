// What an image is made of, as a CycloneDX document: read from Debian's own list, so that it cannot say other than
// what is installed. It has no date and no serial number: equal contents give an equal digest.
// Formats: CycloneDX 1.6 (ECMA-424), package URLs of type "deb" (purl-spec), deb-control(5).
import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";
import { extract } from "tar-stream";
import type { CodeFile, ImageRecipe } from "./image-recipe.ts";

/** Where the document stands in an image. */
export const SBOM_PLACE = "usr/share/assay/sbom.cdx.json";
/** The image's label with the document's digest, as a report repeats it. */
export const SBOM_LABEL = "assay.sbom";
const PACKAGE_LIST = "var/lib/dpkg/status";

export interface DebianPackage {
  name: string;
  version: string;
  architecture: string;
}

/** The installed packages of a dpkg status file, by name; removed ones whose settings stayed are left out. */
export function debianPackages(status: string): DebianPackage[] {
  return status
    .split(/\n\n+/)
    .map(fieldsOf)
    .filter((fields) => fields.get("Status") === "install ok installed")
    .map((fields) => ({
      name: fields.get("Package") ?? "",
      version: fields.get("Version") ?? "",
      architecture: fields.get("Architecture") ?? "",
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function fieldsOf(stanza: string): Map<string, string> {
  const pairs = stanza.split("\n").flatMap((line) => {
    const [, name, value] = /^([A-Za-z-]+):\s*(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return new Map(pairs);
}

type Described = Pick<ImageRecipe, "repository" | "base" | "code">;

/** The document about an image: Debian's packages and the files of ours that lie over them. */
export function sbomOf({ repository, base, code }: Described, packages: DebianPackage[]): Buffer {
  const components = [...packages.map(debianComponent), ...code.map(fileComponent)];
  const document = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { type: "container", "bom-ref": repository, name: repository, version: base } },
    components,
  };
  return Buffer.from(`${JSON.stringify(document, null, 1)}\n`);
}

function debianComponent({ name, version, architecture }: DebianPackage) {
  const escaped = encodeURIComponent(version).replaceAll("%3A", ":");
  const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${escaped}?arch=${architecture}`;
  return { type: "library", "bom-ref": purl, name, version, purl };
}

function fileComponent({ path, bytes }: CodeFile) {
  const content = createHash("sha256").update(bytes).digest("hex");
  return { type: "file", "bom-ref": path, name: path, hashes: [{ alg: "SHA-256", content }] };
}

export const digestOf = (document: Buffer): string =>
  `sha256:${createHash("sha256").update(document).digest("hex")}`;

/** Debian's list out of a root filesystem's tar. @throws when there is none, or nothing in it */
export async function packagesIn(rootfs: NodeJS.ReadableStream): Promise<DebianPackage[]> {
  const reader = extract();
  rootfs.on("error", (error) => reader.destroy(error as Error)).pipe(reader);
  let packages: DebianPackage[] = [];
  for await (const entry of reader) {
    // Leaving the loop early would leave the decompression's end unread, and its error unheard.
    if (entry.header.name.replace(/^\.\//, "") === PACKAGE_LIST)
      packages = debianPackages(await text(entry as AsyncIterable<Buffer>));
    else entry.resume();
  }
  if (packages.length === 0) throw new Error(`the root filesystem has no packages in /${PACKAGE_LIST}`);
  return packages;
}

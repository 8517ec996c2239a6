// Lays our Python over a root filesystem and hands the whole to the engine as an image of one layer.
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract, pack } from "tar-stream";
import { Attached } from "./attached.ts";
import type { Engine } from "./engine.ts";
import { CODE_FOLDER, type CodeFile, type ImageRecipe } from "./image-recipe.ts";
import { openRootfs } from "./image-rootfs.ts";
import { digestOf, packagesIn, SBOM_LABEL, SBOM_PLACE, sbomOf } from "./sbom.ts";
import { encodeFrame, MAGIC } from "./wire.ts";

export const BASE_LABEL = "assay.base";
/** Two blocks of zeros. */
const TAR_END_BYTES = 1024;
const COMPILE_DEADLINE_MS = 120_000;

/** Imports `recipe`'s image with `code` and the list of its contents laid over its root filesystem. */
export async function importImage(
  engine: Engine,
  recipe: ImageRecipe,
  code: CodeFile[],
  name = { repository: recipe.repository, tag: recipe.tag },
): Promise<void> {
  const sbom = sbomOf(recipe, await packagesIn(openRootfs(recipe)));
  const changes = [
    "ENV PATH=/usr/local/bin:/usr/bin:/bin",
    `LABEL ${BASE_LABEL}=${recipe.base}`,
    `LABEL assay.image=${recipe.name} assay.kind=${recipe.kind} ${SBOM_LABEL}=${digestOf(sbom)}`,
  ];
  const ours = await tarOf([...code, { path: SBOM_PLACE, bytes: sbom }]);
  const whole = Readable.from(joined(ours, openRootfs(recipe)), { objectMode: false });
  await engine.importImage(whole, name.repository, name.tag, changes);
}

/**
 * One tar of two. Ours goes first: it is whole in memory and its end is known, while the end of the other
 * could be cut off only by knowing whether its last zeros belong to a file.
 */
export async function* joined(ours: Buffer, rootfs: AsyncIterable<Buffer>) {
  yield ours.subarray(0, ours.length - TAR_END_BYTES);
  yield* rootfs;
}

export async function tarOf(files: CodeFile[]): Promise<Buffer> {
  const tar = pack();
  const folders = new Set<string>();
  for (const { path } of files) {
    for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) folders.add(path.slice(0, at));
  }
  for (const name of [...folders].filter((path) => path.startsWith(CODE_FOLDER)).sort()) {
    tar.entry({ name, type: "directory", mode: 0o755, mtime: new Date(0) });
  }
  for (const { path, bytes } of files) tar.entry({ name: path, mode: 0o644, mtime: new Date(0) }, bytes);
  tar.finalize();
  return buffer(tar as AsyncIterable<Buffer>);
}

// Reads files from stdin, answers them compiled. Unchecked hashes: nothing at run time compares times of files.
const COMPILER = `
import compileall, io, json, os, struct, sys, tarfile
stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
while stdin.readline() != b"ASSAY/1\\n": pass
header = json.loads(stdin.read(struct.unpack(">I", stdin.read(4))[0]))
tarfile.open(fileobj=io.BytesIO(stdin.read(header["buffers"][0]))).extractall("/tmp/root", filter="data")
os.chdir("/tmp/root")
compileall.compile_dir("${CODE_FOLDER}", stripdir="/tmp/root", prependdir="/", quiet=2, maxlevels=20,
    invalidation_mode=__import__("py_compile").PycInvalidationMode.UNCHECKED_HASH)
out = io.BytesIO()
with tarfile.open(fileobj=out, mode="w") as tar: tar.add("${CODE_FOLDER}")
text = json.dumps({"op": "compiled", "buffers": [out.tell()]}).encode()
stdout.write(b"ASSAY/1\\n" + struct.pack(">I", len(text)) + text + out.getvalue())
stdout.flush()
`;

/** `code` with the .pyc files that the image's own Python makes of it: a sandbox cannot write any. */
export async function compiled(engine: Engine, image: string, code: CodeFile[]): Promise<CodeFile[]> {
  const id = await engine.create({
    Image: image,
    Cmd: ["python3", "-I", "-c", COMPILER],
    User: "65534:65534",
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      NetworkMode: "none",
      CapDrop: ["ALL"],
      ReadonlyRootfs: true,
      Tmpfs: { "/tmp": "size=64m" },
    },
  });
  try {
    const attached = new Attached(await engine.attach(id), { outputBytes: 64 * 1024 ** 2 });
    await engine.start(id);
    await attached.write(Buffer.concat([MAGIC, encodeFrame({ op: "compile" }, [await tarOf(code)])]));
    const answer = await attached.receive(COMPILE_DEADLINE_MS);
    if (!answer || !("frame" in answer)) throw new Error(`compiling failed: ${attached.stderr}`);
    const pyc = await filesIn(answer.frame.buffers[0] ?? Buffer.alloc(0));
    attached.close();
    return [...code, ...pyc.filter(({ path }) => path.endsWith(".pyc"))];
  } finally {
    await engine.remove(id);
  }
}

export async function filesIn(tar: Buffer): Promise<CodeFile[]> {
  const reader = extract();
  reader.end(tar);
  const files: CodeFile[] = [];
  for await (const entry of reader) {
    const bytes = await buffer(entry as AsyncIterable<Buffer>);
    if (entry.header.type === "file") files.push({ path: entry.header.name, bytes });
  }
  return files;
}

// The list of contents out of an image that is here, by its tag or by the id that a report names.
import { buffer } from "node:stream/consumers";
import type { Engine } from "./engine.ts";
import { filesIn } from "./image-import.ts";
import { digestOf, SBOM_LABEL, SBOM_PLACE } from "./sbom.ts";

/** @throws when the image is not here, has no list, or one that its label does not vouch for */
export async function sbomOfImage(engine: Engine, image: string): Promise<Buffer> {
  const found = await engine.image(image);
  if (!found) throw new Error(`there is no image ${image} on this machine`);
  const digest = found.labels[SBOM_LABEL];
  if (!digest) throw new Error(`${image} carries no list of its contents: it was not built by this version`);
  // Made, never started: the engine reads files of a container, not of an image.
  const id = await engine.create({ Image: found.id, Cmd: ["true"], HostConfig: { NetworkMode: "none" } });
  try {
    const [file] = await filesIn(await buffer(await engine.getArchive(id, `/${SBOM_PLACE}`)));
    const document = file?.bytes ?? Buffer.alloc(0);
    if (digestOf(document) !== digest)
      throw new Error(`the list in ${image} is not the one that its label names`);
    return document;
  } finally {
    await engine.remove(id);
  }
}

// Which system a download comes from, told by its paths.
import { text } from "node:stream/consumers";
import { isCanvas, readCanvas } from "./canvas.ts";
import { type Download, NoDownload, type Sheet } from "./download.ts";
import { metadataPath, readGradescope } from "./gradescope.ts";
import { isMoodle, readMoodle } from "./moodle.ts";
import type { Source } from "./source.ts";

/** @throws NoDownload */
export async function readDownload(source: Source, sheet: Sheet | null): Promise<Download> {
  const { paths } = source;
  const metadata = metadataPath(paths);
  if (metadata !== null) {
    try {
      return readGradescope(paths, metadata, await text(await source.open(metadata)));
    } catch (error) {
      throw new NoDownload(`${metadata} cannot be read: ${(error as Error).message.split("\n")[0]}`);
    }
  }
  if (isMoodle(paths)) return readMoodle(paths, sheet);
  if (isCanvas(paths)) return readCanvas(paths, sheet);
  throw new NoDownload(
    "This is no download of Gradescope (with submission_metadata.yml), Canvas or Moodle. Give the ZIP as it was " +
      "downloaded, or the folder that was unpacked of it.",
  );
}

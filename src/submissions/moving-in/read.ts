// Which system a download comes from, told by its paths.
import { text } from "node:stream/consumers";
import { isCanvas, readCanvas } from "./canvas.ts";
import { type Download, type Sheet, Unreadable } from "./download.ts";
import { metadataPath, readGradescope } from "./gradescope.ts";
import { isMoodle, readMoodle } from "./moodle.ts";
import type { Source } from "./source.ts";

/** @throws Unreadable */
export async function readDownload(source: Source, sheet: Sheet | null): Promise<Download> {
  const { paths } = source;
  const metadata = metadataPath(paths);
  if (metadata !== null) {
    try {
      return readGradescope(paths, metadata, await text(await source.open(metadata)));
    } catch (error) {
      const why = (error as Error).message.split("\n")[0];
      throw new Unreadable(`${metadata} cannot be read: ${why}`, `无法读取 ${metadata}：${why}`);
    }
  }
  if (isMoodle(paths)) return readMoodle(paths, sheet);
  if (isCanvas(paths)) return readCanvas(paths, sheet);
  throw new Unreadable(
    "This is no download of Gradescope (with submission_metadata.yml), Canvas or Moodle. Give the ZIP as it was downloaded.",
    "这不是 Gradescope（含 submission_metadata.yml）、Canvas 或 Moodle 的下载文件。请提供下载所得的原始 ZIP。",
  );
}

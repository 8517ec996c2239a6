// How much room is left where blobs lie.
import { statfs } from "node:fs/promises";

export interface Space {
  totalBytes: number;
  freeBytes: number;
}

/** @returns null where the store is not a folder of this machine, or not made yet. */
export async function spaceOf(folder: string): Promise<Space | null> {
  try {
    const { blocks, bavail, bsize } = await statfs(folder);
    return { totalBytes: blocks * bsize, freeBytes: bavail * bsize };
  } catch {
    return null;
  }
}

// Where Debian's packages come from. Debian keeps its archive of every past day; an image built from one day's is
// the same whenever it is built. Where that archive cannot be reached (a closed network with a mirror of its own),
// the mirror as it stands is used, and the image's list of contents is what says which versions those were.

/** The day whose archive images are built from. Raise BUILDER in image-recipe.ts with it. */
export const SNAPSHOT = "20261101T000000Z";
const ARCHIVE = "http://snapshot.debian.org/archive/debian";
/** An archive that has not begun to answer by then is taken as unreachable. */
const ARCHIVE_DEADLINE_MS = 8_000;

/** What mmdebstrap is told beside the release. */
export interface PackageSource {
  /** Lines of sources.list; none leaves it to the machine's own. */
  lines: string[];
  pinned: boolean;
}

/**
 * `ASSAY_DEBIAN_ARCHIVE` names another archive of days (a mirror of snapshot.debian.org), `off` none. Signatures are
 * checked as ever; only that the day's lists have run out is no reason to refuse them, since that is their sense.
 */
export async function packageSource(
  release: string,
  archive = process.env.ASSAY_DEBIAN_ARCHIVE || ARCHIVE,
): Promise<PackageSource> {
  const day = `${archive.replace(/\/$/, "")}/${SNAPSHOT}/`;
  if (archive === "off" || !(await answers(`${day}dists/${release}/InRelease`)))
    return { lines: [], pinned: false };
  return { lines: [`deb [check-valid-until=no] ${day} ${release} main`], pinned: true };
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(ARCHIVE_DEADLINE_MS) });
    return answer.ok;
  } catch {
    return false;
  }
}

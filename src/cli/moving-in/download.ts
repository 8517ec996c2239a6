// What another system's download of everybody's submissions says: who handed in which files when. Pure: paths and
// texts in, one entry a submission out. A format a file: gradescope.ts, canvas.ts, moodle.ts.
import type { System } from "../../submissions/move-in.ts";

/** Who somebody is there, as far as the download says it. */
export interface Named {
  name: string | null;
  email: string | null;
  /** A student number, or the name that they sign in with. */
  numbers: string[];
}

export interface HandedIn {
  /** `gradescope:123456789`: the same for the same submission, however often it is downloaded. */
  origin: string;
  /** Whoever handed it in, then the others whose name is on it. */
  people: Named[];
  /** Null where the download does not say. */
  at: Date | null;
  /** Marked as late there. */
  late: boolean;
  /** `path` inside the submission, `from` inside the download. */
  files: { path: string; from: string }[];
}

export interface Download {
  system: System;
  handedIn: HandedIn[];
  /** Paths that are nobody's files, with why. */
  leftOut: { path: string; why: string }[];
}

/** A file beside the ZIP: who somebody is there, and when they handed in. */
export interface Sheet {
  /** By the id that the download names people by. */
  people: Map<string, Named & { at: Date | null }>;
}

/** The download is none of the kinds that are known. */
export class NoDownload extends Error {
  override name = "NoDownload";
}

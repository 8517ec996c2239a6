// What another system's download of everybody's submissions says: who handed in which files when. Pure: paths and
// texts in, one entry a submission out. A format a file: gradescope.ts, canvas.ts, moodle.ts.
import { z } from "zod";
import { UserError } from "../../platform/errors.ts";
import type { Words } from "../../storage/errors.ts";
import { systems } from "../move-in.ts";

/** Who somebody is there, as far as the download says it. */
const named = z.object({
  name: z.string().nullable(),
  email: z.string().nullable(),
  /** A student number, or the name that they sign in with. */
  numbers: z.array(z.string()),
});
export type Named = z.infer<typeof named>;

const handedIn = z.object({
  /** `gradescope:123456789`: the same for the same submission, however often it is downloaded. */
  origin: z.string(),
  /** Whoever handed it in, then the others whose name is on it. */
  people: z.array(named),
  /** Null where the download does not say. */
  at: z.coerce.date().nullable(),
  /** Marked as late there. */
  late: z.boolean(),
  /** `path` inside the submission, `from` inside the download. */
  files: z.array(z.object({ path: z.string(), from: z.string() })),
});
export type HandedIn = z.infer<typeof handedIn>;

/** As it is kept between a look and what follows it (imports.ts). */
export const download = z.object({
  system: z.enum(Object.keys(systems) as [keyof typeof systems]),
  handedIn: z.array(handedIn),
  /** Paths that are nobody's files, with why. */
  leftOut: z.array(z.object({ path: z.string(), why: z.object({ en: z.string(), zh: z.string() }) })),
});
export type Download = z.infer<typeof download>;

/** Why a path is nobody's file. */
export const leftOutWhy = {
  noFile: { en: "text or a link, no file was handed in", zh: "是文字或链接，没有提交文件" },
  noSubmission: { en: "no submission's file by its name", zh: "从名称看不是提交的文件" },
  notNamed: { en: "the metadata does not name it", zh: "元数据中没有提到它" },
  empty: { en: "the metadata names it, but it holds no file", zh: "元数据中有它，但其中没有文件" },
} satisfies Record<string, Words>;

/** A file beside the ZIP: who somebody is there, and when they handed in. */
export interface Sheet {
  /** By the id that the download names people by. */
  people: Map<string, Named & { at: Date | null }>;
}

/** The download, or a file beside it, cannot be read: with what is wrong. */
export class Unreadable extends UserError {
  constructor(en: string, zh: string) {
    super("no_download", { status: 422, en, zh });
  }
}

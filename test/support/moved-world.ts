// A download of Moodle's that somebody looked at: people who are known, one who is not, one whose time nobody knows.
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AdmZip from "adm-zip";
import type { Viewer } from "../../src/accounts/viewer.ts";
import { findAssignment } from "../../src/assignments/assignments.ts";
import type { Services } from "../../src/http/services.ts";
import { addPeopleFile, findImport, lookAtDownload } from "../../src/submissions/imports.ts";

const worksheet = `Identifier,Full name,Email address,Last modified (submission)
Participant 8101,Omar Example,other@assay.example,"Monday, 21 September 2026, 2:14 PM"
Participant 8102,Thea Example,third@assay.example,"Monday, 21 September 2026, 9:40 PM"
Participant 8103,T. Lee,,"Tuesday, 22 September 2026, 8:03 AM"
`;

/** The ZIP as Moodle writes it. */
export function moodleDownload(): Buffer {
  const zip = new AdmZip();
  const add = (who: string, id: number) =>
    zip.addFile(`${who}_${id}_assignsubmission_file/dtw.py`, Buffer.from(`# ${who}\n`));
  add("Omar Example", 8101);
  add("Thea Example", 8102);
  add("T. Lee", 8103);
  add("示例学生四", 8104);
  zip.addFile("Omar Example_8101_assignsubmission_onlinetext/onlinetext.html", Buffer.from("<p>hello</p>"));
  return zip.toBuffer();
}
export const moodleWorksheet = Buffer.from(worksheet);

export async function makeMovedWorld(services: Services, viewer: Viewer, ref: string): Promise<string> {
  const access = await findAssignment(services.db, viewer, ref);
  const path = join(tmpdir(), `assay-moved-${crypto.randomUUID()}.zip`);
  const bytes = moodleDownload();
  await writeFile(path, bytes);
  try {
    const upload = { path, hash: "", bytes: bytes.length, name: "hw1-linear-regression-submissions.zip" };
    const { id } = await lookAtDownload(services, viewer, access, upload);
    const file = { name: "Grades-MML-2026-hw1.csv", bytes: moodleWorksheet };
    await addPeopleFile(services, await findImport(services.db, viewer, id), file);
    return id;
  } finally {
    await rm(path, { force: true });
  }
}

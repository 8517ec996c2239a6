// Why an upload is refused: code, status and what the student can do about it, in both languages.
// This file is also read by the reader's child process: it imports nothing.

/** `{entry}` is already made safe to show (`shown` in zip-names.ts); `{why}` and the like are in both languages. */
export const storageErrors = {
  not_a_zip: {
    status: 422,
    en: "This file is not a ZIP archive; it looks like {looks}. Put your files into a .zip and submit that.",
    zh: "该文件不是 ZIP 压缩包，看起来是{looks}。请把文件打包成 .zip 后再提交。",
  },
  too_large: {
    status: 413,
    en: "The upload is larger than {limit}. Leave out data and other large files and submit again.",
    zh: "上传的文件超过 {limit}。请去掉数据等大文件后重新提交。",
  },
  bad_path: {
    status: 422,
    en: "{entry} is not a path inside the submission. Zip the folder again with relative names and forward slashes.",
    zh: "{entry} 不是提交目录内的路径。请使用相对路径和正斜杠重新打包。",
  },
  link_entry: {
    status: 422,
    en: "{entry} is a link or a device, not a file. Put the file itself into the ZIP.",
    zh: "{entry} 是链接或设备，不是普通文件。请把文件本身放进压缩包。",
  },
  duplicate_entry: {
    status: 422,
    en: "{entry} and {other} have the same name on some systems. Rename or remove one of them.",
    zh: "{entry} 与 {other} 在某些系统上同名。请改名或删除其中之一。",
  },
  archive_bomb: {
    status: 422,
    en: "{entry} {why}. Remove it, zip the folder again and resubmit.",
    zh: "{entry} {why}。请删除它，重新打包后再提交。",
  },
  too_many_entries: {
    status: 422,
    en: "The ZIP holds {count} entries; at most {limit} are accepted. Leave out folders such as .venv or node_modules.",
    zh: "压缩包内有 {count} 个条目，最多接受 {limit} 个。请去掉 .venv、node_modules 之类的目录。",
  },
  bad_name: {
    status: 422,
    en: "The name {entry} {why}. Rename the file and zip again.",
    zh: "文件名 {entry} {why}。请改名后重新打包。",
  },
  encrypted: {
    status: 422,
    en: "{entry} is encrypted. Zip the folder again without a password.",
    zh: "{entry} 已加密。请不设密码重新打包。",
  },
  unsupported_compression: {
    status: 422,
    en: "{entry} is packed in a way that is not accepted ({method}). Zip the folder again with the ordinary method (Deflate).",
    zh: "{entry} 的压缩方式（{method}）不受支持。请用普通方式（Deflate）重新打包。",
  },
  corrupt: {
    status: 422,
    en: "The ZIP is damaged: {why}. Zip the folder again and upload the new file.",
    zh: "压缩包已损坏：{why}。请重新打包并上传新文件。",
  },
  missing_file: {
    status: 422,
    en: "{file} is missing. Found: {found}. {hint}",
    zh: "缺少 {file}。压缩包内有：{found}。{hint}",
  },
  archive_unreadable: {
    status: 422,
    en: "The ZIP could not be read: {why}. Zip the folder again, without large or unusual files, and submit that.",
    zh: "无法读取该压缩包：{why}。请去掉过大或特殊的文件，重新打包后再提交。",
  },
  bad_notebook: {
    status: 422,
    en: "The notebook {entry} cannot become a module: {why}. Save it again in Jupyter, or submit the .py file.",
    zh: "无法将笔记本 {entry} 转换为模块：{why}。请在 Jupyter 中重新保存，或提交 .py 文件。",
  },
  bad_checkpoint: {
    status: 422,
    en: "The checkpoint {entry} is not accepted: {why}. Save it again as plain arrays and submit that.",
    zh: "检查点 {entry} 不被接受：{why}。请以纯数组重新保存后提交。",
  },
} as const;
export type StorageErrorCode = keyof typeof storageErrors;

/** What intake did to an accepted ZIP, told to the student beside the receipt. */
export const archiveNotes = {
  left_out: {
    en: "Left out what systems and tools add: {count} in all ({examples}).",
    zh: "已略去系统和工具生成的 {count} 个文件（{examples}）。",
  },
  wrapper_removed: {
    en: "The folder {folder} around your files was taken off.",
    zh: "已去掉外层文件夹 {folder}。",
  },
  notebook: {
    en: "{module} was made of {notebook}: its code cells in order; lines for IPython alone became comments.",
    zh: "{module} 由 {notebook} 生成：按顺序取其代码单元，仅供 IPython 使用的行已变为注释。",
  },
  moved_in: {
    en: "Handed in at {system} and moved here by your course's staff: it counts at its time there, and used up no attempt here.",
    zh: "原在 {system} 提交，由课程人员迁入：按原提交时间计，未占用此处的提交次数。",
  },
  nested_archive: {
    en: "{entry} is an archive itself; it is kept as it is and not unpacked.",
    zh: "{entry} 本身是压缩包，按原样保留，不会解压。",
  },
} as const;
export type ArchiveNoteCode = keyof typeof archiveNotes;

export type Words = { en: string; zh: string };
export type Params = Record<string, string | number | Words>;
export type ArchiveNote = { code: ArchiveNoteCode; params: Params };

/** A refusal as the child process throws it; `archive.ts` turns it into the `UserError` that callers see. */
export class Refusal extends Error {
  readonly code: StorageErrorCode;
  readonly params: Params;
  constructor(code: StorageErrorCode, params: Params = {}) {
    super(code);
    this.name = "Refusal";
    this.code = code;
    this.params = params;
  }
}

/** `{name}` filled from the params, words in the language; what has no value stays as it is. */
export function filled(text: string, params: Params, language: keyof Words): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return String((typeof value === "object" ? value[language] : value) ?? whole);
  });
}

export function corrupt(en: string, zh: string): Refusal {
  return new Refusal("corrupt", { why: { en, zh } });
}

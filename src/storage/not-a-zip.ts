// What a file that is no ZIP seems to be, so that the refusal can say it.
import type { Words } from "./errors.ts";

const magics: [hex: string, looks: Words][] = [
  ["526172211a07", { en: "a RAR archive", zh: " RAR 压缩包" }],
  ["377abcaf271c", { en: "a 7z archive", zh: " 7z 压缩包" }],
  ["1f8b", { en: "a gzip archive (.gz or .tar.gz)", zh: " gzip 压缩包（.gz 或 .tar.gz）" }],
  ["fd377a585a00", { en: "an xz archive", zh: " xz 压缩包" }],
  ["425a68", { en: "a bzip2 archive", zh: " bzip2 压缩包" }],
  ["28b52ffd", { en: "a Zstandard archive", zh: " Zstandard 压缩包" }],
  ["255044462d", { en: "a PDF", zh: " PDF 文件" }],
  ["89504e470d0a1a0a", { en: "a PNG picture", zh: " PNG 图片" }],
  ["ffd8ff", { en: "a JPEG picture", zh: " JPEG 图片" }],
  ["d0cf11e0a1b11ae1", { en: "an old Office document", zh: "旧版 Office 文档" }],
  ["7f454c46", { en: "a Linux program", zh: " Linux 程序" }],
  ["4d5a", { en: "a Windows program or a self-extracting archive", zh: " Windows 程序或自解压包" }],
  ["504b0708", { en: "one part of a split ZIP", zh: "分卷 ZIP 的一部分" }],
];

/** `start` is the first few hundred bytes. */
export function looksLike(start: Buffer): Words {
  if (start.length === 0) return { en: "an empty file", zh: "空文件" };
  const hex = start.subarray(0, 8).toString("hex");
  const known = magics.find(([magic]) => hex.startsWith(magic));
  if (known !== undefined) return known[1];
  if (start.subarray(257, 262).toString("latin1") === "ustar")
    return { en: "a tar archive", zh: " tar 归档" };
  if (isText(start)) return textKind(start.toString("utf8").trimStart());
  return { en: "something else", zh: "其他类型的文件" };
}

function textKind(text: string): Words {
  if (/^<(!doctype|html|\?xml)/i.test(text)) return { en: "a web page", zh: "网页" };
  if (text.startsWith("{") && text.includes('"cells"')) return { en: "a notebook", zh: " Jupyter 笔记本" };
  return { en: "a text file", zh: "文本文件" };
}

/** No control characters but the usual white space. */
function isText(bytes: Buffer): boolean {
  return bytes.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 12 || byte === 13);
}

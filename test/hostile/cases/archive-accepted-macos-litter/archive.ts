// Not hostile, and must get full marks: What macOS adds
import { added, honest } from "../../zips.ts";

export const hostile = () =>
  added({ name: "__MACOSX/._work.py", data: "x" }, { name: ".DS_Store", data: "x" });

export const twin = () => honest;

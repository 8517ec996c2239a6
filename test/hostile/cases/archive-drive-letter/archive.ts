// A drive letter
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "C:\\evil.py", data: "x" });

export const twin = () => added({ name: "C/good.py", data: "x" });

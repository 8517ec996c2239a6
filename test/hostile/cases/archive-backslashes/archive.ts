// Backslashes
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "src\\evil.py", data: "x" });

export const twin = () => added({ name: "src/good.py", data: "x" });

// ../ in a path
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "../evil.py", data: "x" });

export const twin = () => added({ name: "evil.py", data: "x" });

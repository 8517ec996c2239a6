// ../ inside a path
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "a/../../evil.py", data: "x" });

export const twin = () => added({ name: "a/b/evil.py", data: "x" });

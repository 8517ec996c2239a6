// A line break in a name
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "a\nb.py", data: "x" });

export const twin = () => added({ name: "a b.py", data: "x" });

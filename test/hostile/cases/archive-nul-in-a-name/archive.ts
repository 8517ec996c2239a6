// NUL in a name
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "a.py\u0000.txt", data: "x" });

export const twin = () => added({ name: "a.py.txt", data: "x" });

// An escape sequence in a name
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "\u001b[31mred.py", data: "x" });

export const twin = () => added({ name: "[31mred.py", data: "x" });

// Names equal but for case
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "WORK.py", data: "x" });

export const twin = () => added({ name: "WORK.txt", data: "x" });

// One name in the directory, another beside the file
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "a.py", local: { name: Buffer.from("b.py") } });

export const twin = () => added({ name: "a.py", data: "x" });

// Two entries over the same bytes
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "a.py", central: { offset: 0, name: Buffer.from("work.py") } });

export const twin = () => added({ name: "a.py", data: "x" });

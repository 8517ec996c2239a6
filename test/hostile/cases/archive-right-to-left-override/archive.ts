// A right-to-left override
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "cod\u202eyp.py", data: "x" });

export const twin = () => added({ name: "codyp.py", data: "x" });

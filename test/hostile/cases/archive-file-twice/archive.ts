// The required file twice: one for the reviewer, one for the grader
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "work.py", data: "def act(x): return x + 1\n" });

export const twin = () => added({ name: "work2.py", data: "x = 1\n" });

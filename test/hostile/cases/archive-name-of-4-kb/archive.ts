// A name of 4 KB
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "n".repeat(4096), data: "x" });

export const twin = () => added({ name: "n".repeat(200), data: "x" });

// A password
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "s", data: "x", flags: 0x801 });

export const twin = () => added({ name: "s", data: "x" });

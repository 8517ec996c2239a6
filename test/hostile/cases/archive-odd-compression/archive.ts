// A compression that few can read
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "s", data: "x", local: { method: 14 }, central: { method: 14 } });

export const twin = () => added({ name: "s", data: "x" });

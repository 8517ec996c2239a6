// An upload above the limit
import { randomBytes } from "node:crypto";
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "b", data: randomBytes(4_000_001) });

export const twin = () => added({ name: "b", data: randomBytes(1_000_000) });

// More than the limit, declared
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "big", data: Buffer.alloc(3_000_001) });

export const twin = () => added({ name: "big", data: Buffer.alloc(2_000_000) });

// 2.9 MB that declare 10 bytes
import { added } from "../../zips.ts";

export const hostile = () =>
  added({ name: "liar", data: Buffer.alloc(2_900_000), local: { bytes: 10 }, central: { bytes: 10 } });

export const twin = () => added({ name: "plain", data: Buffer.alloc(900_000) });

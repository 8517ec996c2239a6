// Not hostile, and must get full marks: GBK names from Windows
import { added, honest } from "../../zips.ts";

export const hostile = () => added({ name: Buffer.from("b1a8b8e62e706466", "hex"), data: "x", flags: 0 });

export const twin = () => honest;

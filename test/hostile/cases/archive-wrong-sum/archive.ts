// A wrong check sum
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "s", data: "x", local: { crc: 1 }, central: { crc: 1 } });

export const twin = () => added({ name: "s", data: "x" });

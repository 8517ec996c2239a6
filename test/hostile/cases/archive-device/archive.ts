// A device
import { DEVICE } from "../../../hostile-archives/build.ts";
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "null", attributes: DEVICE });

export const twin = () => added({ name: "null", data: "x" });

// A symbolic link to /etc/passwd
import { LINK } from "../../../hostile-archives/build.ts";
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "l", data: "/etc/passwd", attributes: LINK });

export const twin = () => added({ name: "l", data: "x" });

// An absolute path
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "/etc/cron.d/evil", data: "x" });

export const twin = () => added({ name: "etc/cron.d/good", data: "x" });

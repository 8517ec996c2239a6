// A ZIP in the ZIP is never opened: here one that climbs out
import { buildZip } from "../../../hostile-archives/build.ts";
import { added, honest } from "../../zips.ts";

export const hostile = () => added({ name: "inner.zip", data: buildZip(added({ name: "../../evil.py" })) });

export const twin = () => added({ name: "inner.zip", data: buildZip(honest) });

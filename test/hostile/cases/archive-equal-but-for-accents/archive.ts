// Names equal but for composition
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "\u00e9.py" }, { name: "e\u0301.py" });

export const twin = () => added({ name: "\u00e9.py" }, { name: "e.py" });

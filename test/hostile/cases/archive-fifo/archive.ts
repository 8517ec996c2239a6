// A fifo, which blocks whoever opens it
import { FIFO } from "../../../hostile-archives/build.ts";
import { added } from "../../zips.ts";

export const hostile = () => added({ name: "pipe", attributes: FIFO });

export const twin = () => added({ name: "pipe", data: "x" });

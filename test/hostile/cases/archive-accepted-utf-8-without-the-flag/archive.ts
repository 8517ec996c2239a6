// Not hostile, and must get full marks: UTF-8 names without the flag
import { added, honest } from "../../zips.ts";

export const hostile = () => added({ name: "报告.pdf", data: "x", flags: 0 });

export const twin = () => honest;

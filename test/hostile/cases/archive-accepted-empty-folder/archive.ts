// Not hostile, and must get full marks: An empty folder
import { added, honest } from "../../zips.ts";

export const hostile = () => added({ name: "empty/", stored: true });

export const twin = () => honest;

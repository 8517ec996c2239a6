// Bytes between the files and the directory
import { honest } from "../../zips.ts";

export const hostile = () => ({ ...honest, gap: Buffer.from("hidden") });

export const twin = () => honest;

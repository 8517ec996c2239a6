// A RAR
import { honest } from "../../zips.ts";

export const hostile = () => Buffer.from("Rar!\x1a\x07\x01\x00", "latin1");

export const twin = () => honest;

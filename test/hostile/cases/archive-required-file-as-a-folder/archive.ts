// A folder named as the required file
import { honest } from "../../zips.ts";

export const hostile = () => ({ entries: [{ name: "work.py/", stored: true }, { name: "a" }] });

export const twin = () => honest;

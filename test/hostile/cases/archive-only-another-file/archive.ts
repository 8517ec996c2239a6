// The required file is missing
import { honest } from "../../zips.ts";

export const hostile = () => ({ entries: [{ name: "README.md" }] });

export const twin = () => honest;

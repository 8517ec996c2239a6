// Nothing in it
import { honest } from "../../zips.ts";

export const hostile = () => ({ entries: [] });

export const twin = () => honest;

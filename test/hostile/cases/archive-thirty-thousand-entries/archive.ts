// 30,000 entries
import { added } from "../../zips.ts";

export const hostile = () =>
  added(...Array.from({ length: 30_000 }, (_, n) => ({ name: `f${n}`, stored: true })));

export const twin = () => added(...Array.from({ length: 300 }, (_, n) => ({ name: `f${n}`, stored: true })));

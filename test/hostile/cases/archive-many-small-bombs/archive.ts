// Forty files, together above the limit
import { randomBytes } from "node:crypto";
import { added } from "../../zips.ts";

export const hostile = () =>
  added(...Array.from({ length: 40 }, (_, n) => ({ name: `f${n}`, data: randomBytes(80_000) })));

export const twin = () =>
  added(...Array.from({ length: 20 }, (_, n) => ({ name: `f${n}`, data: randomBytes(80_000) })));

// Not hostile, and must get full marks: A ZIP64 archive
import { honest } from "../../zips.ts";

export const hostile = () => ({
  entries: honest.entries.map((one) => ({ ...one, zip64: true })),
  zip64: true,
});

export const twin = () => honest;

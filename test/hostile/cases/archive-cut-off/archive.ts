// Cut off in the middle
import { honestZip } from "../../zips.ts";

export const hostile = () => honestZip().subarray(0, -30);

export const twin = () => honestZip();

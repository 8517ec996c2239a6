// A program in front of the archive
import { honest } from "../../zips.ts";

export const hostile = () => ({ ...honest, prefix: Buffer.from("#!/bin/sh\n") });

export const twin = () => honest;

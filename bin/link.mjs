// After an install: puts `assay` where npx looks first. npm links the commands of dependencies but not a package's
// own, and npx would then pack this folder into its cache before every run.
import { rm, symlink } from "node:fs/promises";

const link = new URL("../node_modules/.bin/assay", import.meta.url);
await rm(link, { force: true });
await symlink("../../bin/assay.mjs", link);

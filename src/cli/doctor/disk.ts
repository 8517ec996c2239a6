import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { openEngine } from "../../sandbox/engine.ts";
import type { Check } from "./check.ts";
import { engineAnswers } from "./start-engine.ts";

const GiB = 1024 ** 3;
/** Images, one rebuild beside them, and room for submissions. */
const WANTED_BYTES = 8 * GiB;

export const diskCheck: Check = {
  id: "disk",
  title: "Disk space",
  required: false,
  async run() {
    const root = (await engineAnswers()) ? (await openEngine().info()).DockerRootDir : "/";
    const place = existsSync(root) ? root : "/";
    const { bavail, bsize } = await statfs(place);
    const found = `${((Number(bavail) * bsize) / GiB).toFixed(1)} GiB free for ${place}`;
    if (Number(bavail) * bsize >= WANTED_BYTES) return { state: "ok", found };
    return { state: "warning", found: `${found}, ${WANTED_BYTES / GiB} wanted`, mend: "docker system prune" };
  },
};

import { openEngine } from "../../sandbox/engine.ts";
import { imageNames } from "../../sandbox/image-recipe.ts";
import { ensureImages, missingImages } from "../../sandbox/images.ts";
import type { Check } from "./check.ts";
import { aptInstall, engineAnswers, onPath } from "./start-engine.ts";

export const imagesCheck: Check = {
  id: "images",
  title: "Sandbox images",
  required: true,
  async run() {
    if (!(await engineAnswers())) return { state: "skipped", found: "no engine to ask" };
    const missing = await missingImages(imageNames(), openEngine());
    if (missing.length === 0) return { state: "ok", found: `ready: ${imageNames().join(", ")}` };
    return {
      state: "missing",
      found: `not built: ${missing.join(", ")} (two to five minutes and 3 GB of disk, once)`,
      mend: "assay doctor --fix",
      async fix(on) {
        if (!onPath("mmdebstrap") && onPath("apt-get")) {
          // Needed only where no registry answers; a refusal is told by the build itself.
          await aptInstall(["mmdebstrap"], "about 10 MB of disk", on).catch((error) =>
            on.onProgress(error.message),
          );
        }
        await ensureImages(imageNames(), on.onProgress);
      },
    };
  },
};

import type { Check } from "./check.ts";
import { aptInstall, onPath } from "./start-engine.ts";

export const browserCheck: Check = {
  id: "browser",
  title: "Chromium, for the tests of the pages",
  required: false,
  forTests: true,
  async run() {
    const name = ["chromium", "chromium-browser", "google-chrome"].find(onPath);
    if (name) return { state: "ok", found: name };
    return {
      state: "warning",
      found: "not installed: tests in a browser are skipped",
      mend: "apt-get install -y --no-install-recommends chromium fonts-noto-cjk",
      fix: (on) => aptInstall(["chromium", "fonts-noto-cjk"], "about 400 MB of disk", on),
    };
  },
};

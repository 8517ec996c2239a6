import tailwind from "@tailwindcss/vite";
import { defineConfig } from "vite";

// The browser's part: one script and one style sheet, self-hosted, named by their content.
export default defineConfig({
  root: "src/web/client",
  base: "/assets/",
  plugins: [tailwind()],
  build: {
    outDir: "../../../dist/web",
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsDir: "",
    // The content policy lets fonts in from us only, not from data: addresses.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: ["src/web/client/main.ts", "src/web/client/math.ts", "src/web/client/pdf-frame.ts"],
    },
  },
});

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "src/**/*.test.tsx", "test/**/*.test.ts", "bench/**/*.test.ts"],
    globalSetup: ["test/support/postgres-server.ts"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});

import { defineConfig } from "vitest/config"

/** The agent's real command line against a scripted model; not a part of `npm test`. */
export default defineConfig({
  test: {
    include: ["test/agent/**/*.test.ts"],
    pool: "forks",
    setupFiles: ["test/support/loopback.ts"],
    globalSetup: ["test/support/agent/install.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false
  }
})

import { defineConfig } from "vitest/config"

/** The agent's real command line against a scripted model; not a part of `npm test`. */
export default defineConfig({
  test: {
    include: ["test/agent/**/*.test.ts"],
    pool: "forks",
    setupFiles: ["test/support/loopback.ts"],
    globalSetup: [
      "test/support/postgres.ts",
      "test/support/runnerProgram.ts",
      "test/support/agent/install.ts"
    ],
    testTimeout: 300_000,
    hookTimeout: 60_000,
    fileParallelism: false
  }
})

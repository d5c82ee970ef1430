import { defineConfig } from "vitest/config"
import { inlineActions } from "./test/support/inlineActions.ts"
import { unitTests } from "./test/support/unitTests.ts"

export default defineConfig({
  plugins: [...inlineActions.plugins],
  test: {
    maxWorkers: "100%",
    server: { deps: inlineActions.deps },
    include: [...unitTests()],
    pool: "forks",
    isolate: false,
    setupFiles: ["test/support/loopback.ts"],
    testTimeout: 30_000
  }
})

import { defineConfig } from "vitest/config"
import { unitTests } from "./test/support/unitTests.ts"

export default defineConfig({
  test: {
    include: [...unitTests()],
    pool: "forks",
    isolate: false,
    setupFiles: ["test/support/loopback.ts"],
    testTimeout: 30_000
  }
})

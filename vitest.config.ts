import { playwright } from "@vitest/browser-playwright"
import { defineConfig } from "vitest/config"
import { chromium } from "./test/support/chromium.ts"
import { inlineActions } from "./test/support/inlineActions.ts"

const launchOptions = await chromium().catch(() => ({}))
const setupFiles = ["test/support/loopback.ts"]
// Tests make much garbage that dies young.
const execArgv = ["--max-semi-space-size=32"]
const globalSetup = ["test/support/postgres.ts", "test/support/runnerProgram.ts"]

export default defineConfig({
  test: {
    maxWorkers: "100%",
    projects: [
      {
        plugins: [...inlineActions.plugins],
        test: {
          name: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["test/{web,e2e,fault,agent,simulation}/**"],
          pool: "forks",
          isolate: false,
          execArgv,
          setupFiles,
          globalSetup,
          server: { deps: inlineActions.deps },
          testTimeout: 30_000,
          hookTimeout: 30_000
        }
      },
      {
        test: {
          name: "fault",
          include: ["test/fault/**/*.test.ts"],
          pool: "forks",
          isolate: false,
          execArgv,
          setupFiles,
          globalSetup: [...globalSetup, "test/support/serviceProgram.ts"],
          testTimeout: 120_000,
          hookTimeout: 60_000
        }
      },
      {
        oxc: {
          decorator: { legacy: true },
          assumptions: { setPublicClassFields: true },
          typescript: { removeClassFieldsWithoutInitializer: true }
        },
        optimizeDeps: { entries: ["web/app/main.ts", "web/pages/*.ts", "test/web/**/*.ts"] },
        test: {
          name: "browser",
          include: ["test/web/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 60_000,
          expect: { poll: { timeout: 10_000 } },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions }),
            instances: [{ browser: "chromium" }]
          }
        }
      },
      {
        test: {
          name: "simulation",
          // Beside no other project: it counts what fits in its time, on every core.
          sequence: { groupOrder: 2 },
          include: ["test/simulation/**/*.test.ts"],
          pool: "forks",
          setupFiles,
          testTimeout: 30_000
        }
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          pool: "forks",
          isolate: false,
          execArgv,
          setupFiles,
          testTimeout: 120_000,
          hookTimeout: 120_000
        }
      }
    ]
  }
})

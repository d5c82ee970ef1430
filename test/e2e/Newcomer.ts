import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort } from "../../src/sandbox/freePort.ts"
import { GitHub } from "../../src/sandbox/GitHub.ts"
import * as Linear from "../../src/sandbox/Linear.ts"
import { compileCache } from "../support/compileCache.ts"
import { eventually } from "../support/eventually.ts"

const apiKey = "lin_api_of_the_newcomer"
const userId = "7f0c3c0e-6f0b-4f0e-9a53-6f3f9f1c0a01"
export const accessCode = "a-code-of-the-newcomer"

const ended = (child: ChildProcess) =>
  Effect.callback<void>((resume) => {
    child.once("close", () => resume(Effect.void))
    child.kill("SIGTERM")
  })

/** Vendors without an App, a webhook or a label, and a service whose only settings are their addresses. */
export const newcomer = Effect.fn("newcomer")(function* (speed: number) {
  const folder = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "ai-implement-e2e-"))),
    (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
  )
  const linear = yield* Linear.make({
    apiKeys: [{ key: apiKey, userId }],
    seed: {
      organization: { name: "Northwind", urlKey: "northwind" },
      users: [{ id: userId, name: "Robin", email: "robin@northwind.test" }],
      teams: [{ key: "ENG", name: "Engineering" }],
      labels: [],
      issues: []
    }
  })
  const repository = { owner: "northwind", repo: "platform" }
  const github = yield* GitHub.make({ speed, apps: [], repositories: [repository] })
  const port = yield* freePort
  const address = `http://127.0.0.1:${port}`
  const env: Record<string, string> = {
    PORT: String(port),
    HOST: "127.0.0.1",
    DATA_DIR: join(folder, "data"),
    HOME: folder,
    LOG_LEVEL: "warn",
    POLL_INTERVAL_MS: "1000",
    ADMIN_ACCESS_CODE: accessCode,
    LINEAR_API_URL: linear.url,
    GITHUB_API_URL: github.url,
    GITHUB_OIDC_ISSUER: github.oidcIssuer()
  }

  const launch = () =>
    spawn(process.execPath, ["src/main.ts"], {
      cwd: new URL("../..", import.meta.url),
      env: { ...compileCache, ...env },
      stdio: "ignore"
    })
  let running: ReturnType<typeof launch> | null = null
  const stop = Effect.suspend(() => {
    const child = running
    running = null
    return child === null || child.exitCode !== null ? Effect.void : ended(child)
  })
  yield* Effect.addFinalizer(() => stop)

  const ready = HttpClient.get(`${address}/health/ready`).pipe(
    Effect.map(({ status }) => status === 200),
    Effect.orElseSucceed(() => false),
    Effect.provide(FetchHttpClient.layer)
  )

  const run = Effect.runPromiseWith(yield* Effect.context())

  return {
    address,
    apiKey,
    github,
    linear,
    /** Restarts the service with these settings too, as the page asks for. */
    restartWith: (settings: Readonly<Record<string, string | undefined>>) =>
      run(
        Effect.gen(function* () {
          Object.assign(env, settings)
          yield* stop
          running = launch()
          yield* eventually("the service answers", ready, (answers) => answers, 180)
        })
      ),
    /** A person adds the model's key to the repository. */
    addSecret: (name: string) => run(github.putRepository({ ...repository, secrets: [name] })),
    merge: (number: number) => run(Effect.orDie(github.mergePullRequest({ ...repository, number })))
  }
})

import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Schema from "effect/Schema"
import { type ChildProcess, spawn } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { closedPort } from "../support/closedPort.ts"
import { eventually } from "../support/eventually.ts"
import { makeWorld } from "../support/world.ts"
import { cli } from "../support/cli.ts"
import { entry } from "../support/cliProcess.ts"
import { compileCache } from "../support/compileCache.ts"

const Steps = Schema.fromJsonString(
  Schema.Array(
    Schema.Struct({
      step: Schema.String,
      state: Schema.Literals(["done", "todo", "later", "note"]),
      message: Schema.String
    })
  )
)

const commandIn = (message: string) => {
  const found = /npm run ai-implement -- (.+)$/.exec(message)?.[1]
  assert.isDefined(found, message)
  return found ?? ""
}

const ended = (child: ChildProcess) =>
  Effect.callback<void>((resume) => {
    if (child.exitCode !== null) return resume(Effect.void)
    child.once("close", () => resume(Effect.void))
    child.kill("SIGTERM")
  })

/** A folder with only the addresses of local upstreams, and an operator who follows doctor. */
const newcomer = Effect.gen(function* () {
  const world = yield* makeWorld({ fly: {} })
  const url = yield* closedPort
  const { home, run } = yield* cli
  const env: Record<string, string> = { PORT: new URL(url).port, HOST: "127.0.0.1" }
  for (const name of ["LINEAR_API_URL", "GITHUB_API_URL", "FLY_API_URL"]) env[name] = world.env[name] ?? ""

  const put = (settings: Readonly<Record<string, string | undefined>>) =>
    Effect.sync(() => {
      Object.assign(env, settings)
      const lines = Object.entries(env).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
      writeFileSync(join(home, ".env"), lines.join(""))
    })
  const set = (...names: ReadonlyArray<string>) =>
    put(Object.fromEntries(names.map((name) => [name, world.env[name]])))

  const doctor = Effect.gen(function* () {
    const said = yield* run("doctor --json")
    const steps = yield* Schema.decodeEffect(Steps)(said.out)
    const next = steps.find(({ state }) => state === "todo")
    assert.strictEqual(said.code, next === undefined ? 0 : 1, said.err)
    if (next !== undefined) assert.include(said.err, `Next: ${next.step}.`)
    return { next, steps }
  })

  const ok = Effect.fnUntraced(function* (args: string, input?: string) {
    const said = yield* run(args, input)
    assert.strictEqual(said.code, 0, `${args}: ${said.err}`)
    return said.out
  })

  const answers = HttpClient.get(`${url}/health/live`).pipe(
    Effect.map(({ status }) => status),
    Effect.orElseSucceed(() => null),
    Effect.provide(FetchHttpClient.layer)
  )
  let service: ChildProcess | null = null
  const stop = Effect.suspend(() => (service === null ? Effect.void : ended(service)))
  yield* Effect.addFinalizer(() => stop)
  const serve = Effect.gen(function* () {
    yield* stop
    service = spawn(process.execPath, ["--env-file-if-exists=.env", entry, "serve"], {
      cwd: home,
      env: { ...compileCache, HOME: home },
      stdio: "ignore"
    })
    yield* eventually("the service answers", answers, (status) => status === 200, 60)
  })

  return { ...world, doctor, ok, put, set, serve }
})

describe("doctor", () => {
  it.live(
    "leads from an empty machine to the first dispatch, and then to Fly Machines, when each step is followed",
    () =>
      Effect.gen(function* () {
        const { doctor, env, github, linear, ok, put, serve, set } = yield* newcomer
        yield* put({ POLL_INTERVAL_MS: "often" })

        const map = (message: string, repository: string) =>
          ok(commandIn(message).replace("TEAM", "ENG").replace("owner/repo", repository) + " --no-planning")
        const does: Readonly<Record<string, (message: string) => Effect.Effect<unknown, unknown>>> = {
          settings: (message) => {
            assert.include(message, "POLL_INTERVAL_MS must be a whole number")
            return put({ POLL_INTERVAL_MS: "86400000" })
          },
          ADMIN_ACCESS_CODE: (message) => {
            assert.include(message, "into the file .env in its folder")
            return set("ADMIN_ACCESS_CODE")
          },
          LINEAR_API_KEY: () => put({ LINEAR_API_KEY: "a-wrong-key" }),
          GITHUB_APP_ID: () => put({ GITHUB_APP_ID: "2" }),
          GITHUB_APP_PRIVATE_KEY: () => set("GITHUB_APP_PRIVATE_KEY"),
          service: (message) => {
            assert.strictEqual(commandIn(message), "serve")
            return serve
          },
          "sign in": (message) => ok(commandIn(message), env["ADMIN_ACCESS_CODE"]),
          linear: (message) => {
            assert.include(message, "set LINEAR_API_KEY to a valid key and restart")
            return Effect.andThen(set("LINEAR_API_KEY"), serve)
          },
          github: (message) => {
            assert.include(message, "Check that GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY belong together")
            return Effect.andThen(set("GITHUB_APP_ID"), serve)
          },
          mapping: (message) => map(message, "acme/elsewhere"),
          "repository of ENG": (message) => {
            assert.include(message, "or correct owner and repo of the mapping")
            return map("npm run ai-implement -- mappings set TEAM owner/repo", "acme/app")
          },
          issue: (message) => {
            assert.include(message, "Put the label AI-Implement on an open issue of a mapped team in Linear")
            linear.createIssue({ team: "ENG", title: "Add a logo", labels: ["AI-Implement"] })
            return Effect.andThen(
              ok(commandIn(message)),
              eventually(
                "the run",
                Effect.sync(() => github.runs().length),
                (runs) => runs === 1,
                30
              )
            )
          },
          dispatching: (message) => {
            assert.include(message, "is paused: moving.")
            return ok(commandIn(message))
          },
          FLY_SESSIONS_TOKEN: () =>
            set("FLY_SESSIONS_APP", "SESSION_IMAGE", "PUBLIC_URL").pipe(
              Effect.andThen(put({ FLY_SESSIONS_TOKEN: "a-wrong-token" })),
              Effect.andThen(serve)
            ),
          fly: (message) => {
            assert.include(message, "FLY_SESSIONS_TOKEN")
            return Effect.andThen(set("FLY_SESSIONS_TOKEN"), serve)
          }
        }

        const done: Array<string> = []
        const logAndContinue = Effect.gen(function* () {
          while (true) {
            const { next, steps } = yield* doctor
            if (next === undefined) return steps
            assert.notInclude(done, next.step, next.message)
            done.push(next.step)
            yield* (
              does[next.step]?.(next.message) ?? Effect.die(`no action for ${next.step}: ${next.message}`)
            )
          }
        })
        const steps = yield* logAndContinue
        assert.deepStrictEqual(done.splice(0), [
          "settings",
          "ADMIN_ACCESS_CODE",
          "LINEAR_API_KEY",
          "GITHUB_APP_ID",
          "GITHUB_APP_PRIVATE_KEY",
          "service",
          "sign in",
          "linear",
          "github",
          "mapping",
          "repository of ENG",
          "issue"
        ])
        const last = steps.at(-1)?.message ?? ""
        assert.include(last, "The latest, of ENG-1, is running.")
        assert.include(yield* ok(commandIn(last)), "ENG-1")
        assert.include(yield* ok("issues explain ENG-1"), "Its implementation is running")
        const notes = steps.filter(({ state }) => state === "note").map(({ message }) => message)
        assert.match(notes.join("\n"), /is a secret of the repository .+ Add one of them under/)

        yield* ok("pause --reason moving")
        yield* put({ RUNNER_MODE: "fly" })
        yield* serve
        const before = (yield* doctor).steps.filter(({ state }) => state === "later").map(({ step }) => step)
        assert.includeMembers(before, ["FLY_SESSIONS_APP", "SESSION_IMAGE", "PUBLIC_URL", "dispatching"])
        yield* logAndContinue
        assert.deepStrictEqual(done, ["FLY_SESSIONS_TOKEN", "fly", "dispatching"])
      }),
    300_000
  )
})

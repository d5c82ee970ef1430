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
import { workflowInputs } from "../../src/sandbox/github/workflowInputs.ts"
import { entry, envFile } from "../support/cliProcess.ts"
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
    service = spawn(process.execPath, ["--import", envFile, entry, "serve"], {
      cwd: home,
      env: { ...compileCache, HOME: home },
      stdio: "ignore"
    })
    yield* eventually("the service answers", answers, (status) => status === 200, 60)
  })

  return { ...world, doctor, ok, put, set, serve }
})

const repository = {
  owner: "acme",
  repo: "app",
  workflows: [{ file: "claude-implement.yml", name: "Implement", inputs: workflowInputs }]
}

describe("doctor", () => {
  it.live(
    "leads from an empty machine to the first run, and then to Fly Machines, when each step is followed",
    () =>
      Effect.gen(function* () {
        const { doctor, env, github, ok, put, serve, set } = yield* newcomer
        yield* put({ POLL_INTERVAL_MS: "often" })

        const map = (repository: string) => ok(`mappings set ENG ${repository} --no-planning`)
        const withSecret = github.putRepository({ ...repository, secrets: ["ANTHROPIC_API_KEY"] })
        const does: ReadonlyArray<
          readonly [step: string, message: RegExp, act: (message: string) => Effect.Effect<unknown, unknown>]
        > = [
          [
            "Settings",
            /POLL_INTERVAL_MS must be a whole number/,
            () => put({ POLL_INTERVAL_MS: "86400000" })
          ],
          ["ADMIN_ACCESS_CODE", /into the file \.env in its folder/, () => set("ADMIN_ACCESS_CODE")],
          ["Service", /ai-implement -- serve$/, () => serve],
          ["Sign in", /./, (message) => ok(commandIn(message), env["ADMIN_ACCESS_CODE"])],
          ["Address", /Or choose polling only/, (message) => ok(commandIn(message))],
          [
            "GitHub App",
            /GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY are not set/,
            () =>
              Effect.all([
                put({ GITHUB_APP_ID: "2", LINEAR_API_KEY: "a-wrong-key" }),
                set("GITHUB_APP_PRIVATE_KEY"),
                serve
              ])
          ],
          [
            "GitHub App",
            /Check that GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY belong together/,
            () => Effect.andThen(set("GITHUB_APP_ID"), serve)
          ],
          [
            "Linear",
            /set LINEAR_API_KEY to a valid key and restart/,
            () => Effect.andThen(set("LINEAR_API_KEY"), serve)
          ],
          ["Team and repository", /mappings set TEAM owner\/repo$/, () => map("acme/elsewhere")],
          ["Installation", /or correct the mapping/, () => map("acme/app")],
          ["Model credential", /is a secret of the repository .+ Add one of them under/, () => withSecret],
          [
            "Test issue",
            /Nothing has been dispatched yet/,
            (message) =>
              ok(commandIn(message).replace("TEAM", "ENG")).pipe(
                Effect.andThen(
                  eventually(
                    "the run",
                    Effect.sync(() => github.runs().length),
                    (runs) => runs === 1,
                    30
                  )
                )
              )
          ],
          ["Test issue", /is paused: moving\. Resume it\./, (message) => ok(commandIn(message))],
          [
            "Model credential",
            /FLY_SESSIONS_TOKEN is not set, which session machines need/,
            () =>
              set("FLY_SESSIONS_APP", "SESSION_IMAGE", "PUBLIC_URL").pipe(
                Effect.andThen(put({ FLY_SESSIONS_TOKEN: "a-wrong-token" })),
                Effect.andThen(serve)
              )
          ],
          [
            "Model credential",
            /Fly .+FLY_SESSIONS_TOKEN/,
            () => Effect.andThen(set("FLY_SESSIONS_TOKEN"), serve)
          ]
        ]

        const done: Array<number> = []
        const untilRunning = Effect.gen(function* () {
          while (true) {
            const { next } = yield* doctor
            const message = next?.message ?? ""
            if (message.startsWith("ENG-1 is running. Its pull request follows.")) return message
            if (/^ENG-1 is (?:reserved|launching)\./.test(message)) continue
            const index = does.findIndex(([step, pattern]) => step === next?.step && pattern.test(message))
            assert.isAtLeast(index, 0, `no action for ${next?.step}: ${message}`)
            assert.notInclude(done, index, message)
            done.push(index)
            yield* does[index]?.[2](message) ?? Effect.void
          }
        })
        const last = yield* untilRunning
        assert.deepStrictEqual(done.splice(0), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
        assert.include(yield* ok(commandIn(last)), "ENG-1")
        assert.include(yield* ok("issues explain ENG-1"), "Its implementation is running")

        yield* ok("pause --reason moving")
        yield* put({ RUNNER_MODE: "fly" })
        yield* serve
        const before = (yield* doctor).steps.flatMap(({ message, state }) =>
          state === "todo" ? [message] : []
        )
        for (const setting of ["FLY_SESSIONS_TOKEN", "FLY_SESSIONS_APP", "SESSION_IMAGE", "PUBLIC_URL"])
          assert.isTrue(
            before.some((message) => message.startsWith(`${setting} is not set`)),
            setting
          )
        yield* untilRunning
        assert.deepStrictEqual(done, [13, 14, 12])
      }),
    300_000
  )
})

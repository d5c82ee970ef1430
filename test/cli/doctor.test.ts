import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Schema from "effect/Schema"
import { spawn } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { closedPort } from "../support/closedPort.ts"
import { eventually } from "../support/eventually.ts"
import { makeWorld } from "../support/world.ts"
import { cli, entry } from "./support.ts"

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

describe("doctor", () => {
  it.live(
    "leads from an empty machine to the first dispatch, when each of its sentences is done as it says",
    () =>
      Effect.gen(function* () {
        const { env: secrets, github, linear } = yield* makeWorld()
        const url = yield* closedPort
        const { home, run } = yield* cli()
        const env: Record<string, string> = {
          PORT: new URL(url).port,
          HOST: "127.0.0.1",
          LINEAR_API_URL: secrets["LINEAR_API_URL"] ?? "",
          GITHUB_API_URL: secrets["GITHUB_API_URL"] ?? ""
        }
        const write = () =>
          writeFileSync(
            join(home, ".env"),
            Object.entries(env)
              .map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
              .join("")
          )
        const set = (name: string) =>
          Effect.sync(() => {
            env[name] = secrets[name] ?? ""
            write()
          })
        write()

        const ok = Effect.fnUntraced(function* (args: string, input?: string) {
          const said = yield* run(args, input)
          assert.strictEqual(said.code, 0, `${args}: ${said.err}`)
        })
        const doctor = Effect.gen(function* () {
          const said = yield* run(`doctor --json --url ${url}`)
          const steps = yield* Schema.decodeEffect(Steps)(said.out)
          const next = steps.find(({ state }) => state === "todo")
          assert.strictEqual(said.code, next === undefined ? 0 : 1, said.err)
          if (next !== undefined) assert.include(said.err, `Next: ${next.step}.`)
          return { next, steps }
        })
        const serve = (command: string) =>
          Effect.acquireRelease(
            Effect.sync(() =>
              spawn(process.execPath, ["--env-file-if-exists=.env", entry, command], {
                cwd: home,
                env: { HOME: home },
                stdio: "ignore"
              })
            ),
            (child) =>
              Effect.callback<void>((resume) => {
                child.once("close", () => resume(Effect.void))
                child.kill("SIGTERM")
              })
          )

        const does: Readonly<
          Record<string, (message: string) => Effect.Effect<unknown, unknown, Scope.Scope>>
        > = {
          ADMIN_ACCESS_CODE: () => set("ADMIN_ACCESS_CODE"),
          LINEAR_API_KEY: () => set("LINEAR_API_KEY"),
          GITHUB_APP_ID: () => set("GITHUB_APP_ID"),
          GITHUB_APP_PRIVATE_KEY: () => set("GITHUB_APP_PRIVATE_KEY"),
          service: (message) =>
            Effect.andThen(
              serve(commandIn(message)),
              eventually("the service answers", doctor, ({ next }) => next?.step !== "service", 60)
            ),
          "sign in": (message) => ok(`${commandIn(message)} --url ${url}`, secrets["ADMIN_ACCESS_CODE"]),
          mapping: (message) =>
            ok(
              commandIn(message).replace("TEAM", "ENG").replace("owner/repo", "acme/app") + " --no-planning"
            ),
          issue: (message) => {
            assert.include(message, "Put the label AI-Implement on an issue of a mapped team in Linear")
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
          dispatching: (message) => ok(commandIn(message))
        }
        const done: Array<string> = []
        const goOn = Effect.gen(function* () {
          while (true) {
            const { next, steps } = yield* doctor
            if (next === undefined) return steps
            assert.notInclude(done, next.step, next.message)
            done.push(next.step)
            yield* does[next.step]?.(next.message) ?? Effect.die(`nobody does ${next.step}: ${next.message}`)
          }
        })
        const steps = yield* goOn
        assert.deepStrictEqual(done, [
          "ADMIN_ACCESS_CODE",
          "LINEAR_API_KEY",
          "GITHUB_APP_ID",
          "GITHUB_APP_PRIVATE_KEY",
          "service",
          "sign in",
          "mapping",
          "issue"
        ])
        assert.include(steps.at(-1)?.message, "ai-implement -- log")
        const notes = steps.filter(({ state }) => state === "note").map(({ message }) => message)
        assert.match(notes.join("\n"), /is a secret of the repository .+ Add one of them under/)
        yield* ok("pause")
        yield* goOn
        assert.strictEqual(done.at(-1), "dispatching")
      }),
    180_000
  )
})

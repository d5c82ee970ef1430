import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { baseUrl, cliProcess } from "../support/cliProcess.ts"
import { accessCode, server } from "../support/httpServer.ts"

describe("the process of a command", () => {
  it.live(
    "reads piped input and the file .env where there is one, and answers by exit code, output and error output",
    () =>
      Effect.gen(function* () {
        const { home, run } = yield* cliProcess()
        const url = yield* baseUrl
        assert.strictEqual((yield* run("--version")).err, "")
        writeFileSync(join(home, ".env"), `HOST=127.0.0.1\nPORT=${new URL(url).port}\n`)
        const away = yield* run("mappings --json")
        assert.deepStrictEqual([away.code, away.out], [1, ""])
        assert.include(away.err, `You are not signed in at ${url}.`)
        const login = yield* run("login", `${accessCode}\n`)
        assert.deepStrictEqual([login.code, login.err], [0, ""])
        assert.include(login.out, `Signed in at ${url} until`)
        assert.notInclude(login.out, accessCode)
        assert.deepStrictEqual(yield* run("mappings --json"), { code: 0, out: "[]\n", err: "" })
        const unknown = yield* run("explode")
        assert.deepStrictEqual([unknown.code, unknown.err.includes("explode")], [1, true])
        assert.notInclude(unknown.out, "explode")
      }).pipe(Effect.provide(server())),
    60_000
  )
})

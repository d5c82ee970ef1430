import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Fly } from "../../src/sandbox/Fly.ts"
import { digestOf } from "../../src/sandbox/fly/State.ts"
import { withFly } from "../support/secretsServer.ts"
import { accessCode, client } from "../support/httpServer.ts"
import { atTerminal, enter, key, typed } from "./terminal.ts"

describe("a secret that is typed", () => {
  it.live(
    "is accepted, and neither it nor its length is shown",
    () =>
      Effect.gen(function* () {
        const { run } = yield* atTerminal
        const signedIn = yield* run("login", [...typed(accessCode), enter])
        assert.include(signedIn.said, "Signed in at")
        assert.include(signedIn.seen, "Access code")
        const set = yield* run("secrets set typed", [...typed("of-the-terminall"), key("backspace"), enter])
        assert.include(set.said, "typed of every team is set.")
        assert.include(set.seen, "Value of typed")
        const listed = yield* run("secrets list")
        assert.match(listed.said, new RegExp(`^typed +${digestOf("of-the-terminal")} `))
        for (const { seen } of [signedIn, set]) {
          assert.notInclude(seen, "of-the")
          assert.notInclude(seen, accessCode)
          assert.notMatch(seen, /\*{2}|•{2}/)
        }
      }).pipe(Effect.provide(withFly())),
    60_000
  )

  it.live(
    "is not in the message of a refusal, and nothing is set without one",
    () =>
      Effect.gen(function* () {
        const { run } = yield* atTerminal
        const wrong = yield* run("login", [...typed("a-wrong-code"), enter])
        assert.deepStrictEqual([wrong.ok, wrong.said.includes("The access code is wrong.")], [false, true])
        assert.notInclude(wrong.seen, "a-wrong-code")
        yield* run("login", [...typed(accessCode), enter])
        const { control } = yield* Fly
        control.failNext({
          match: "POST",
          action: { _tag: "status", status: 422, body: { error: "canary" } }
        })
        const refused = yield* run("secrets set typed", [...typed("canary"), enter])
        assert.deepStrictEqual([refused.ok, refused.said.includes("Nothing was changed.")], [false, true])
        assert.notInclude(refused.seen, "canary")
        const nothing = yield* run("secrets set typed", [enter])
        assert.deepStrictEqual([nothing.ok, nothing.said.includes("nothing was given")], [false, true])
        const left = yield* run("secrets set typed", typed("canary"))
        assert.isFalse(left.ok)
        assert.notInclude(left.seen, "canary")
        const { call } = yield* client
        assert.strictEqual((yield* call("GET", "/api/global-secrets")).body, "[]")
      }).pipe(Effect.provide(withFly())),
    60_000
  )
})

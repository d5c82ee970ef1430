import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { dispatch } from "../support/apiSamples.ts"
import { accessCode, server } from "../support/httpServer.ts"
import { atTerminal, enter, typed } from "./terminal.ts"

const mistakes: ReadonlyArray<readonly [args: string, said: string]> = [
  ["log --limit 501", "limit must be between 1 and 500."],
  ["log --status lost", "--status"],
  ["issues --reason mood", "--reason"],
  ["issues explain rubbish", "issue must be an issue id (UUID) or an identifier such as ENG-42."],
  ["approve ENG-404", "No such issue."],
  ["cancel rubbish", "id must be a dispatch id (UUID)."],
  [`cancel ${dispatch(404).id}`, "No such dispatch."],
  ["mappings set", "Missing required argument: team"],
  ["mappings set ENG acme", "acme is not of the form owner/repo. Nothing was changed."],
  ["mappings set ENG acme/app/more", "acme/app/more is not of the form owner/repo. Nothing was changed."],
  ["mappings set E-G acme/app", "must be a Linear team key"],
  ["mappings set \u017fENG acme/app", "must be a Linear team key"],
  ["secrets list --team \u0131OPS", "must be a Linear team key"],
  ["mappings delete nope", "There is no mapping for the team NOPE. Nothing was changed."],
  ["mappings delete NOPE", "There is no mapping for the team NOPE. Nothing was changed."],
  ["secrets list --team NOPE", "There is no mapping for the team NOPE."],
  ["sessions destroy x", "No such machine."],
  ["poll now", "Unexpected positional argument"],
  ["explode", "Unknown subcommand"]
]

describe("a command that is used wrongly", () => {
  it.live(
    "says what is wrong, and changes nothing",
    () =>
      Effect.gen(function* () {
        const { run } = yield* atTerminal
        for (const args of ["poll", "logout", "sessions"]) {
          const away = yield* run(args)
          assert.isFalse(away.ok)
          assert.match(
            away.said,
            /You are not signed in at \S+\. Sign in with: npm run ai-implement -- login/
          )
        }
        yield* run("login", [...typed(accessCode), enter])
        for (const [args, wanted] of mistakes) {
          const { ok, said } = yield* run(args)
          assert.isFalse(ok, args)
          assert.include(said, wanted, args)
        }
        assert.strictEqual((yield* run("mappings --json")).said, "[]")
      }).pipe(Effect.provide(server())),
    60_000
  )
})

import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { dispatch, issue, session } from "../support/apiSamples.ts"
import { accessCode, Asked, client, server } from "../support/httpServer.ts"
import { closedPort } from "../support/closedPort.ts"
import { withFly } from "../support/secretsServer.ts"
import { cli } from "../support/cli.ts"
import { baseUrl } from "../support/cliProcess.ts"

const signedIn = Effect.gen(function* () {
  const url = yield* baseUrl
  const { home, run } = yield* cli
  const login = yield* run(`login --url ${url}`, `${accessCode}\n`)
  assert.strictEqual(login.code, 0, login.err)
  const ok = Effect.fnUntraced(function* (args: string) {
    const said = yield* run(args)
    assert.strictEqual(said.code, 0, `${args}: ${said.err}`)
    return said.out.trimEnd()
  })
  const refused = Effect.fnUntraced(function* (args: string) {
    const said = yield* run(args)
    assert.strictEqual(said.code, 1, `${args}: ${said.out}`)
    return said.err
  })
  return { home, login, ok, refused, run, url }
})

describe("the command line", () => {
  it.live(
    "signs in with a piped code, keeps the token to its user, and signs out",
    () =>
      Effect.gen(function* () {
        const { home, login, ok, refused, url } = yield* signedIn
        assert.match(
          login.out,
          /^Signed in at http:\/\/127\.0\.0\.1:\d+ until \S+Z\. The token is in \S+\.\n$/
        )
        assert.notInclude(login.out + login.err, accessCode)
        const directory = join(home, ".config/ai-implement")
        assert.deepStrictEqual(readdirSync(directory), ["credentials.json"])
        assert.strictEqual(statSync(join(directory, "credentials.json")).mode & 0o777, 0o600)
        assert.strictEqual(statSync(directory).mode & 0o777, 0o700)
        const { token } = JSON.parse(readFileSync(join(directory, "credentials.json"), "utf8"))
        assert.strictEqual(yield* ok("mappings --json"), "[]")
        const { call } = yield* client
        assert.include((yield* call("GET", "/api/audit?action=sign_in")).body, `"name":"ada"`)
        assert.strictEqual(yield* ok("logout"), `Signed out at ${url}.`)
        assert.isEmpty(readdirSync(directory))
        assert.include(yield* refused(`mappings --url ${url}`), "You are not signed in")
        assert.notInclude(yield* refused(`mappings --url ${url}`), token)
      }).pipe(Effect.provide(server())),
    60_000
  )

  it.live(
    "says in a sentence what is wrong, and exits with 1",
    () =>
      Effect.gen(function* () {
        const url = yield* baseUrl
        const { run } = yield* cli
        const wrong = yield* run(`login --url ${url}`, "wrong\n")
        assert.deepStrictEqual([wrong.code, wrong.out], [1, ""])
        assert.include(wrong.err, "The access code is wrong.")
        assert.include((yield* run(`login --url ${url}`, "")).err, "nothing was given")
        assert.include((yield* run("mappings --url nonsense")).err, "nonsense is not an address")
        assert.include((yield* run(`poll --url ${yield* closedPort}`)).err, "does not answer")
        assert.include((yield* run("log --limit x")).err, "--limit")
        const unknown = yield* run("explode")
        assert.deepStrictEqual([unknown.code, unknown.err.includes("explode")], [1, true])
      }).pipe(Effect.provide(server())),
    60_000
  )

  it.live(
    "maps teams",
    () =>
      Effect.gen(function* () {
        const { home, ok, refused } = yield* signedIn
        assert.include(yield* ok("mappings"), "mappings set TEAM owner/repo")
        assert.match(
          yield* ok("mappings set eng acme/app --cap 2 --no-planning"),
          /^ENG +acme\/app +main +github-actions +cap 2$/
        )
        assert.match(yield* ok("mappings"), /^ENG +acme\/app/)
        assert.include(yield* refused("mappings set ENG acme/app/more"), "owner/repo")
        assert.include(yield* refused("mappings set ENG acme/app --cap 101"), "between 1 and 100")
        const synced = yield* ok("mappings sync eng")
        assert.include(synced, "Opened: https://github.test/acme/app/pull/7")
        assert.match(synced, /claude-implement\.yml +older/)
        assert.include(synced, "such as ai-implement-plan.yml, and sync again.")
        assert.include(yield* refused("mappings sync ci"), "The App lacks workflows: write.")
        const folder = join(home, "checkout")
        assert.match(yield* ok(`mappings export eng --to ${folder}`), /^WORKFLOW\.md +written$/)
        assert.strictEqual(readFileSync(join(folder, "WORKFLOW.md"), "utf8"), "Do it.")
        assert.match(yield* ok(`mappings export eng --to ${folder}`), /^WORKFLOW\.md +left alone$/)
        assert.include(yield* refused(`mappings export web --to ${folder}`), "Run npm run build.")
        assert.strictEqual(
          yield* ok("mappings delete eng"),
          "The mapping of ENG is deleted; 0 of its dispatches continue."
        )
        assert.include(yield* refused("mappings delete eng"), "no mapping")
      }).pipe(Effect.provide(server())),
    60_000
  )

  it.live(
    "shows and controls issues, dispatches and machines",
    () =>
      Effect.gen(function* () {
        const { ok, refused } = yield* signedIn
        const asked = yield* Asked
        assert.lengthOf((yield* ok("log --limit 3")).split("\n"), 3)
        assert.lengthOf(
          JSON.parse(yield* ok("log --json --team eng --status running --issue ENG-1 --limit 2")),
          2
        )
        assert.include(asked, `log {"team":"ENG","status":"running","issue":"ENG-1","limit":3}`)
        assert.strictEqual(
          yield* ok(`plan ${dispatch(1).id}`),
          "Plan 1 of ENG-1: waits for a verdict\n\n# Test Plan\n\nTry a wrong password."
        )
        assert.match(yield* ok("issues --reason dedup"), /^ENG-1 +dedup +Add a login$/)
        assert.include(yield* ok("issues explain ENG-1"), "it was dispatched in the last 24 h")
        assert.strictEqual(
          yield* ok(`unpark ${issue.identifier}`),
          "ENG-1 may be dispatched again.\nCleared: parked."
        )
        assert.include(yield* refused("unpark ENG-2"), "It is not parked.")
        assert.include(yield* ok(`cancel ${dispatch(1).id}`), "asked to stop")
        assert.include(yield* refused("cancel ENG-1"), "It has ended.")
        assert.include(yield* ok(`retry ${dispatch(1).id}`), dispatch(3).id)
        assert.include(yield* refused(`retry ${dispatch(9).id}`), "Linear does not answer.")
        assert.include(yield* ok("poll"), "Pass 01890000-0000-7000-8000-000000000001 begins now.")
        assert.include(yield* ok("pause --reason release"), "Nothing new is dispatched.")
        assert.strictEqual(JSON.parse(yield* ok("resume --json")).paused, null)
        assert.isNotEmpty(yield* ok("sessions"))
        assert.match(
          yield* ok(`sessions destroy ${session.machineId}`),
          /^Accepted: machine \w+ is being destroyed\.\nmachine +still to be done\nlabel +done/
        )
        assert.include(yield* refused("sessions destroy 148e00000000"), "No such machine.")
        assert.include(yield* ok("approve ENG-1"), "The plan of ENG-1 is approved.")
        assert.include(yield* refused("approve ENG-2"), "It has no plan.")
        assert.match(
          yield* ok("reject ENG-1 --reason small"),
          /^The plan of ENG-1 is rejected\. .+\nCleared: Plan-Complete\.$/
        )
        assert.include(yield* refused("reject ENG-1"), "--reason")
        assert.includeMembers(asked, ["reject by ada: small"])
        assert.includeMembers(asked, ["cancel by ada", "retry by ada", "pass by ada"])
      }).pipe(Effect.provide(server())),
    120_000
  )

  it.live(
    "sets secrets from piped input, lists them by digest and deletes them",
    () =>
      Effect.gen(function* () {
        const { ok, refused, run } = yield* signedIn
        yield* ok("mappings set eng acme/app")
        for (const [flag, whose] of [
          ["", "every team"],
          [" --team eng", "the team ENG"]
        ] as const) {
          assert.strictEqual(yield* ok(`secrets list${flag}`), `There is no secret of ${whose}.`)
          const said = yield* run(`secrets set npm_token${flag}`, "of-the-pipe\n")
          assert.deepStrictEqual([said.code, said.out], [0, `npm_token of ${whose} is set.\n`], said.err)
          assert.match(yield* ok(`secrets list${flag}`), /^npm_token +[0-9a-f]{16} +\d{4}-/)
          assert.notInclude(yield* ok(`secrets list --json${flag}`), "of-the-pipe")
          assert.strictEqual(
            yield* ok(`secrets delete npm_token${flag}`),
            `npm_token of ${whose} is deleted.`
          )
          assert.include(yield* refused(`secrets delete npm_token${flag}`), "npm_token")
          assert.include(yield* refused(`secrets set npm_token${flag}`), "nothing was given")
        }
        const inArgv = yield* run("secrets set npm_token of-argv", "of-the-pipe\n")
        assert.strictEqual(inArgv.code, 1)
        const reserved = yield* run("secrets set node_options", "of-the-pipe\n")
        assert.deepStrictEqual([reserved.code, reserved.out], [1, ""])
        assert.include(reserved.err, "reserved")
        assert.notInclude(reserved.err, "of-the-pipe")
      }).pipe(Effect.provide(withFly())),
    120_000
  )
})

import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Secrets } from "../../src/admin/Secrets.ts"
import { operator, start } from "../support/engine.ts"
import { StoredTeamKey, TeamKey } from "../../src/domain/Ids.ts"

describe("a session machine", () => {
  it.live("has its team's secrets without prefix and the global ones, and no other", () =>
    Effect.gen(function* () {
      const { dispatched, fly, issue, machinesOf, map, services } = yield* start({
        fly: {},
        mapping: { executionMode: "fly-machines" }
      })
      yield* map({ teamKey: TeamKey.make("WEB") })
      const secrets = Context.get(services, Secrets)
      const set = (name: string, value: string, team: string | null = null) =>
        (team === null ? secrets.global : secrets.ofTeam(StoredTeamKey.make(team))).set(
          { name, value: Redacted.make(value) },
          operator
        )
      yield* set("NPM_TOKEN", "of all")
      yield* set("API_KEY", "of all")
      yield* set("API_KEY", "of the team", "ENG")
      yield* set("OTHER", "of another team", "WEB")
      yield* set("GONE", "deleted", "ENG")
      yield* secrets.ofTeam(TeamKey.make("ENG")).delete("GONE", operator)
      const [machine] = machinesOf(yield* dispatched(issue()))
      const environment = yield* fly.environmentOf(machine?.id ?? "")
      assert.deepInclude(environment, { NPM_TOKEN: "of all", API_KEY: "of the team" })
      assert.doesNotHaveAnyKeys(environment, ["ENG_API_KEY", "WEB_OTHER", "OTHER", "GONE", "ENG_GONE"])
    })
  )
})

import { assert, describe, it } from "@effect/vitest"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import { makeClient } from "../../src/api/client.ts"
import { TeamKey } from "../../src/domain/Ids.ts"
import { allOnce, embeddedScene } from "./embedded.ts"
import { bringPeople } from "./people.ts"
import { eventually, publicAddress, type Scene, start } from "../support/scene.ts"

/** `npm run test:kills` kills 20 times. */
const kills = Effect.runSync(Config.withDefault(Config.Int("KILLS"), 3))

/** An operator who keeps adding mappings, and knows which of them the service acknowledged. */
const addMappings = Effect.fnUntraced(function* ({ env }: Scene) {
  const { ADMIN_ACCESS_CODE: code = "", PUBLIC_URL: url = "" }: Readonly<Record<string, string>> = env
  let token: string | null = null
  const operator = yield* makeClient({ url, token: () => token })
  const signIn = operator.auth.signIn({ payload: { code } }).pipe(
    Effect.retry(Schedule.spaced("200 millis")),
    Effect.map((session) => {
      token = session.token
    })
  )
  const acknowledged: Array<string> = []
  let count = 0
  const add = Effect.suspend(() => {
    const teamKey = TeamKey.make(`T${++count}`)
    return operator.mappings.save({ payload: { teamKey, owner: "acme", repo: "app", paused: true } }).pipe(
      Effect.map(() => acknowledged.push(teamKey)),
      Effect.timeout("2 seconds"),
      Effect.ignore
    )
  })
  const writing = yield* Effect.andThen(signIn, Effect.repeat(add, Schedule.spaced("300 millis"))).pipe(
    Effect.forkScoped
  )
  const found = Effect.gen(function* () {
    yield* Fiber.interrupt(writing)
    const mappings = new Set((yield* operator.mappings.list()).map(({ teamKey }): string => teamKey))
    return { acknowledged, lost: acknowledged.filter((teamKey) => !mappings.has(teamKey)) }
  })
  return { acknowledged: () => acknowledged.length, found }
}, Effect.provide(FetchHttpClient.layer))

const callsOf = ({ github, linear }: Scene) => linear.calls().length + github.control.calls().length

describe("a service and its embedded database, killed while issues and an operator's changes come in", () => {
  it.live(
    "lose no acknowledged change, and start exactly one run for each issue",
    () =>
      Effect.gen(function* () {
        const { scene, postmaster } = yield* embeddedScene(yield* publicAddress)
        let service = yield* start(scene.env)
        yield* scene.migrated
        yield* scene.map
        yield* bringPeople(scene)
        const operator = yield* addMappings(scene)
        const identifiers: Array<string> = []
        const killed = { service: 0, database: 0 }
        for (let kill = 0; kill < kills; kill++) {
          const before = operator.acknowledged()
          yield* eventually(
            "the operator's next change",
            Effect.sync(() => operator.acknowledged() > before || null),
            "90 seconds"
          )
          identifiers.push(yield* scene.label(`Issue ${kill} a`), yield* scene.label(`Issue ${kill} b`))
          yield* scene.askForPass.pipe(Effect.ignoreCause)
          const calls = yield* Random.nextIntBetween(1, 8)
          const seen = callsOf(scene)
          yield* eventually(
            `${calls} more calls to the upstreams`,
            Effect.sync(() => callsOf(scene) >= seen + calls || null),
            "90 seconds"
          )
          const victims = (["service", "database", "both"] as const)[kill % 3]
          const server = postmaster()
          if (victims !== "service") {
            yield* Effect.sync(() => process.kill(server, "SIGKILL"))
            killed.database++
          }
          if (victims !== "database") {
            yield* service.kill("SIGKILL")
            yield* service.ended
            service = yield* start(scene.env)
            killed.service++
          }
          if (victims === "service") continue
          yield* eventually(
            "the next database server",
            Effect.sync(() => (postmaster() !== server ? true : null)).pipe(
              Effect.catchDefect(() => Effect.succeed(null))
            ),
            "90 seconds"
          )
        }
        assert.isAbove(killed.service, 0)
        assert.isAbove(killed.database, 0)
        yield* scene.migrated
        yield* allOnce(scene, identifiers)
        const { acknowledged, lost } = yield* operator.found
        assert.isAtLeast(acknowledged.length, kills)
        assert.deepStrictEqual(lost, [])
        yield* service.kill("SIGTERM")
        yield* service.ended
      }).pipe(Random.withSeed("kills")),
    { timeout: 60_000 + kills * 20_000 }
  )
})

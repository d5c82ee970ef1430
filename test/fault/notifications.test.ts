import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { serve } from "../../src/sandbox/Upstream.ts"
import type { Point } from "../support/orders.ts"
import { externalScene } from "./external.ts"
import { bringPeople } from "./people.ts"
import { nameOf } from "./points.ts"
import { eventually, start } from "../support/scene.ts"

const deaths: ReadonlyArray<Point & { readonly starts: number }> = [
  { span: "Outbox.take", nth: 1, edge: "end", starts: 1 },
  { span: "Notifications.send", nth: 1, edge: "end", starts: 2 },
  { span: "Outbox.sent", nth: 1, edge: "end", starts: 1 }
]

/** A messenger that keeps the headlines it is sent. */
const messenger = Effect.gen(function* () {
  const received: Array<string> = []
  const { url } = yield* serve({
    name: "messenger",
    handler: ({ body }) =>
      Effect.sync(() => {
        received.push(JSON.parse(body).text)
        return { status: 200, body: "ok" }
      })
  })
  return { received, url: `${url}/services/T/B/X` }
})

describe("a service killed by kill -9 while it notifies, and started again", () => {
  for (const { starts, ...dieAt } of deaths) {
    it.live(
      `sends every notification, and repeats only one whose delivery is unknown: ${nameOf(dieAt)}`,
      () =>
        Effect.gen(function* () {
          const { received, url } = yield* messenger
          const scene = yield* externalScene()
          yield* bringPeople(scene)
          const env = { ...scene.env, NOTIFY_WEBHOOK_URL: url }
          const service = yield* start(env)
          yield* scene.idle
          const identifier = yield* scene.label("Add a logo")
          yield* service.order({ dieAt })
          yield* scene.askForPass
          assert.strictEqual((yield* service.ended).signal, "SIGKILL")
          yield* start(env)
          yield* scene.settled(identifier)
          const kinds = yield* eventually(
            "every notification to be sent",
            Effect.map(
              scene.sql`select array_agg(kind order by id) as kinds from notifications
              having bool_and(state = 'sent') and count(*) > 1`,
              ([row]) => row ?? null
            )
          )
          assert.deepStrictEqual(kinds, { kinds: ["started", "succeeded"] })
          assert.lengthOf(
            received.filter((text) => text.includes("started")),
            starts,
            received.join("\n")
          )
          assert.lengthOf(received, starts + 1, received.join("\n"))
        })
    )
  }
})

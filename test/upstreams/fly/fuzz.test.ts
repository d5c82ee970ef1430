import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Fly } from "../../../src/upstreams/fly/Fly.ts"
import { Fly as Sandbox } from "../../../src/sandbox/Fly.ts"
import { assertUnderstood, mutating } from "../../support/mutating.ts"
import { app, layer, request, values } from "../../support/flyClient.ts"

const refusal = { error: "insufficient resources to create a machine", status: "insufficient_capacity" }

it.live(
  "whatever Fly answers is understood or refused, and never a defect",
  () =>
    Effect.gen(function* () {
      const { create, destroy, get, list, secrets } = yield* Fly
      const sandbox = yield* Sandbox
      yield* Effect.repeat(Effect.exit(create(request)), { until: () => sandbox.machines(app).length > 0 })
      const machine = { app, id: sandbox.machines(app)[0]?.id ?? "" }
      yield* sandbox.startMachine(machine.id)
      yield* sandbox.exitMachine(machine.id, { code: 3, oomKilled: false })
      const kinds = yield* assertUnderstood(
        [
          create(request),
          list(app),
          get(machine),
          destroy({ app, id: "148ed193b95989" }),
          secrets.set(app, values({ NPM_TOKEN: "very-secret-value" })),
          secrets.list(app),
          secrets.delete(app, "NPM_TOKEN")
        ],
        80
      )
      assert.includeMembers(kinds, ["success", "Malformed", "Rejected", "NotFound"])
    }).pipe(
      Effect.provide(
        layer({
          between: mutating({ refusal, headers: ["retry-after"] }),
          timeout: "2 seconds",
          launchTimeout: "2 seconds"
        })
      )
    ),
  60_000
)

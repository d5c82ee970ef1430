import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Client } from "./GitHub/Client.ts"
import { makeLaunch } from "./GitHub/launch.ts"
import { makePulls } from "./GitHub/pulls.ts"
import { makeRuns } from "./GitHub/runs.ts"
import { Runs } from "./Runs.ts"

export const layerNoDeps = Layer.effect(
  Runs,
  Effect.map(Client, (client) =>
    Runs.of({
      launch: makeLaunch(client),
      ...makeRuns(client),
      ...makePulls(client),
      probe: client
        .app({
          name: "probe",
          to: "say who the App is",
          operation: "apps/get-authenticated",
          body: Schema.Struct({ id: Schema.Int })
        })
        .pipe(Effect.asVoid, Effect.withSpan("GitHub.probe"))
    })
  )
)

/** GitHub Actions as the execution backend. */
export const layer = layerNoDeps.pipe(Layer.provide(Client.layer))

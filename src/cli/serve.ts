import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

export const serve = Command.make("serve", {}, () =>
  Effect.flatMap(
    Effect.promise(() => import("../App.ts")),
    (App) => Layer.launch(App.layer)
  )
).pipe(Command.withDescription("Run the service, as npm start does"))

export const sandbox = Command.make("sandbox", {}, () =>
  Effect.flatMap(
    Effect.promise(() => import("../sandbox/demo.ts")),
    ({ demo }) => Effect.scoped(Effect.andThen(demo(), Effect.never))
  )
).pipe(Command.withDescription("Run on local upstreams, without any account"))

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { ConnectionTest, ConnectionTestSubject } from "../domain/ConnectionTest.ts"
import { Tracker } from "../upstreams/Tracker.ts"
import { Notifications } from "../messaging/Notifications.ts"
import { RunBackends } from "../upstreams/RunBackends.ts"
import { Settings } from "../admin/Settings.ts"

/** Tests a configured connection and describes the result. */
export class ConnectionTests extends Context.Service<
  ConnectionTests,
  { readonly test: (what: ConnectionTestSubject) => Effect.Effect<ConnectionTest> }
>()("ai-implement/operations/ConnectionTests") {
  static readonly layer = Layer.effect(
    ConnectionTests,
    Effect.gen(function* () {
      const tracker = yield* Tracker
      const runBackends = yield* RunBackends
      const settings = yield* Settings
      const notifications = yield* Notifications

      const fly = Effect.gen(function* () {
        const app = (yield* settings.state).flySessionsApp.runtimeValue
        if (app === null) {
          return yield* Effect.fail({
            message: "Fly was not called: no app is set for the session machines. Set FLY_SESSIONS_APP."
          })
        }
        yield* runBackends.probe({ kind: "fly", app })
        return `Fly answers, and its token has access to the app ${app}.`
      })

      const tests: Readonly<
        Record<ConnectionTestSubject, Effect.Effect<string, { readonly message: string }>>
      > = {
        notification: Effect.as(notifications.test, "The messenger accepted a test notification."),
        linear: Effect.as(tracker.probe, "Linear answers and accepts the key."),
        github: Effect.as(
          runBackends.probe({ kind: "github", owner: "", repo: "" }),
          "GitHub answers and accepts the App's key."
        ),
        fly
      }

      const test = Effect.fn("ConnectionTests.test")((what: ConnectionTestSubject) =>
        Effect.match(tests[what], {
          onFailure: ({ message }): ConnectionTest => ({ what, ok: false, message }),
          onSuccess: (message): ConnectionTest => ({ what, ok: true, message })
        })
      )

      return ConnectionTests.of({ test })
    })
  )
}

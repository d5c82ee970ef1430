import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { ConnectionTest, ConnectionTestSubject } from "../domain/ConnectionTest.ts"
import { Tracker } from "../upstreams/Tracker.ts"
import { Notifications } from "../messaging/Notifications.ts"
import { RunBackends } from "../upstreams/RunBackends.ts"
import { Settings } from "../admin/Settings.ts"

/** Tries what is set, now, and says in words what happened. */
export class ConnectionTests extends Context.Service<
  ConnectionTests,
  { readonly attempt: (what: ConnectionTestSubject) => Effect.Effect<ConnectionTest> }
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
          return yield* Effect.fail({ message: "Fly is not asked: no app is set for the sessions." })
        }
        yield* runBackends.probe({ kind: "fly", app })
        return `Fly answers, and the token may see the app ${app}.`
      })

      const tries: Readonly<
        Record<ConnectionTestSubject, Effect.Effect<string, { readonly message: string }>>
      > = {
        notification: Effect.as(notifications.test, "A notification was taken; it should be seen by now."),
        linear: Effect.as(tracker.probe, "Linear answers, and the key is good."),
        github: Effect.as(
          runBackends.probe({ kind: "github", owner: "", repo: "" }),
          "GitHub answers, and knows the App by its key."
        ),
        fly
      }

      const attempt = Effect.fn("ConnectionTests.attempt")((what: ConnectionTestSubject) =>
        Effect.match(tries[what], {
          onFailure: ({ message }): ConnectionTest => ({ what, ok: false, message }),
          onSuccess: (message): ConnectionTest => ({ what, ok: true, message })
        })
      )

      return ConnectionTests.of({ attempt })
    })
  )
}

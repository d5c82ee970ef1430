import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Trial, TrialSubject } from "../domain/ConnectionTest.ts"
import { Issues } from "../upstreams/Tracker.ts"
import { Notifications } from "../messaging/Notifications.ts"
import { Runs } from "../upstreams/RunBackends.ts"
import { Settings } from "../admin/Settings.ts"

/** Tries what is set, now, and says in words what happened. */
export class Trials extends Context.Service<
  Trials,
  { readonly attempt: (what: TrialSubject) => Effect.Effect<Trial> }
>()("ai-implement/Trials") {
  static readonly layer = Layer.effect(
    Trials,
    Effect.gen(function* () {
      const issues = yield* Issues
      const runs = yield* Runs
      const settings = yield* Settings
      const notifications = yield* Notifications

      const fly = Effect.gen(function* () {
        const app = (yield* settings.state).flySessionsApp.runtimeValue
        if (app === null) {
          return yield* Effect.fail({ message: "Fly is not asked: no app is set for the sessions." })
        }
        yield* runs.probe({ kind: "fly", app })
        return `Fly answers, and the token may see the app ${app}.`
      })

      const tries: Readonly<Record<TrialSubject, Effect.Effect<string, { readonly message: string }>>> = {
        notification: Effect.as(notifications.test, "A notification was taken; it should be seen by now."),
        linear: Effect.as(issues.probe, "Linear answers, and the key is good."),
        github: Effect.as(
          runs.probe({ kind: "github", owner: "", repo: "" }),
          "GitHub answers, and knows the App by its key."
        ),
        fly
      }

      const attempt = Effect.fn("Trials.attempt")((what: TrialSubject) =>
        Effect.match(tries[what], {
          onFailure: ({ message }): Trial => ({ what, ok: false, message }),
          onSuccess: (message): Trial => ({ what, ok: true, message })
        })
      )

      return Trials.of({ attempt })
    })
  )
}

import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import type { Demo } from "../../src/sandbox/demo.ts"

class NotYet extends Schema.TaggedError<NotYet>()("NotYet", { message: Schema.String }) {}

const wanted = {
  failed: ({ executionMode, status }) => status === "failed" && executionMode === "fly-machines",
  asking: ({ waitingFor }) => waitingFor === "answer",
  running: ({ executionMode, status, waitingFor }) =>
    status === "running" && waitingFor === null && executionMode === "github-actions"
} satisfies Record<string, (dispatch: Dispatch) => boolean>

/** The dispatches worth a picture, by what is to be seen. */
export type Subjects = Readonly<Record<keyof typeof wanted | "answered", string>>

const look = Effect.fnUntraced(function* ({ api }: Demo) {
  const log = yield* api.dispatches.log({ query: {} })
  const idOf = Effect.fnUntraced(function* (name: keyof typeof wanted) {
    const dispatch = log.find(wanted[name])
    return dispatch === undefined
      ? yield* new NotYet({ message: `No dispatch of the log is ${name}.` })
      : dispatch.id
  })
  for (const reason of ["parked", "waiting_approval", "team_at_capacity"] as const) {
    const issues = yield* api.issues.list({ query: { reason } })
    if (issues.length === 0) return yield* new NotYet({ message: `No issue waits by ${reason}.` })
  }
  if ((yield* api.sessions.list()).length === 0) return yield* new NotYet({ message: "No machine works." })
  const answered = (yield* api.questions.list()).find(
    ({ answer, dispatchId }) =>
      answer !== null && log.some(({ id, pullRequest }) => id === dispatchId && pullRequest !== null)
  )
  if (answered === undefined) return yield* new NotYet({ message: "No run delivered after an answer." })
  return {
    answered: answered.dispatchId,
    failed: yield* idOf("failed"),
    asking: yield* idOf("asking"),
    running: yield* idOf("running")
  }
})

/** Waits until there is something of everything to see. */
export const subjects = (demo: Demo): Effect.Effect<Subjects, unknown> =>
  look(demo).pipe(Effect.retry({ schedule: Schedule.spaced("500 millis"), times: 240 }))

import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { call } from "./call.ts"
import { show } from "./show.ts"

export const poll = Command.make(
  "poll",
  {},
  Effect.fn(function* () {
    const answer = yield* call((client) => client.operations.poll())
    yield* show(answer, [`Pass ${answer.passId} begins now.`])
  })
).pipe(Command.withDescription("Request a pass now"))

export const pause = Command.make(
  "pause",
  { reason: Flag.String("reason").pipe(Flag.withDescription("Why; every page shows it"), Flag.optional) },
  Effect.fn(function* ({ reason }) {
    const payload = { paused: true, ...(Option.isSome(reason) ? { reason: reason.value } : {}) }
    const answer = yield* call((client) => client.operations.pause({ payload }))
    yield* show(answer, ["Nothing new is dispatched. Runs continue."])
  })
).pipe(Command.withDescription("Pause all dispatching"))

export const resume = Command.make(
  "resume",
  {},
  Effect.fn(function* () {
    const answer = yield* call((client) => client.operations.pause({ payload: { paused: false } }))
    yield* show(answer, ["Dispatching is resumed."])
  })
).pipe(Command.withDescription("Resume dispatching"))

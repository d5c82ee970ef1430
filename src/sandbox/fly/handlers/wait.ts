import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import { invalid, Refused, unmodelled } from "../errors.ts"
import type { Machine } from "../State.ts"
import { type Handler, machineOf, textOf } from "./Handler.ts"

const settled = ["started", "stopped", "failed", "destroyed"]

const wanted = (state: string) => state.split(",").flatMap((each) => (each === "settled" ? settled : [each]))

export const wait: Handler = Effect.fnUntraced(function* (call) {
  const machine = yield* machineOf(call)
  if (textOf(call, "from_event_id") !== undefined) return yield* unmodelled("from_event_id")
  const version = textOf(call, "version") ?? textOf(call, "instance_id") ?? machine.instanceId
  if (version !== machine.instanceId) return yield* invalid(`machine has no version ${version}`)
  const seconds = Number(textOf(call, "timeout") ?? 60)
  if (!(seconds >= 1 && seconds <= 60)) return yield* invalid("timeout must be between 1s and 60s")
  const state = textOf(call, "state") ?? "started"
  const reached = (one: Machine) => wanted(state).includes(one.state)
  yield* Effect.scoped(
    Effect.gen(function* () {
      const changes = yield* PubSub.subscribe(call.state.changes)
      while (!reached(machine)) yield* PubSub.take(changes)
    })
  ).pipe(
    Effect.timeoutOrElse({
      duration: `${seconds} seconds`,
      orElse: () =>
        new Refused({
          status: 408,
          message: `deadline_exceeded: machine failed to reach desired state, ${state}, currently ${machine.state}`
        })
    })
  )
  const [event] = machine.events
  return {
    status: 200,
    body: { ok: true, state: machine.state, version: machine.instanceId, event_id: event?.id ?? "" }
  }
})

import * as Effect from "effect/Effect"
import { notFound, precondition } from "../errors.ts"
import { renderMachine } from "../render.ts"
import { isGone, machinesOf } from "../State.ts"
import { create } from "./create.ts"
import { appOf, type Handler, machineOf, textOf } from "./Handler.ts"
import { wait } from "./wait.ts"

const destroyable = ["created", "stopped", "failed"]

export const machines = {
  Machines_create: create,
  Machines_wait: wait,
  Machines_list: Effect.fnUntraced(function* (call) {
    const { parameters, state } = call
    const states = textOf(call, "state")?.split(",")
    const region = textOf(call, "region")
    const found = machinesOf(state, yield* appOf(call))
      .filter((machine) => parameters["include_deleted"] === true || !isGone(machine))
      .filter((machine) => states === undefined || states.includes(machine.state))
      .filter((machine) => region === undefined || region === machine.region)
    return {
      status: 200,
      body: found.map((machine) => renderMachine(machine, parameters["summary"] === true))
    }
  }),
  Machines_show: Effect.fnUntraced(function* (call) {
    return { status: 200, body: renderMachine(yield* machineOf(call)) }
  }),
  Machines_stop: Effect.fnUntraced(function* (call) {
    const machine = yield* machineOf(call)
    if (isGone(machine)) return yield* notFound("machine")
    if (!["started", "stopping", "stopped"].includes(machine.state)) {
      return yield* precondition(`unable to stop machine from current state: '${machine.state}'`)
    }
    yield* call.machines.stop(machine)
    return { status: 200, body: { ok: true } }
  }),
  Machines_delete: Effect.fnUntraced(function* (call) {
    const machine = yield* machineOf(call)
    if (isGone(machine)) return yield* notFound("machine")
    if (call.parameters["force"] !== true && !destroyable.includes(machine.state)) {
      return yield* precondition(
        "unable to destroy machine, not currently stopped, suspended, failed or created"
      )
    }
    yield* call.machines.destroy(machine)
    return { status: 200, body: { ok: true } }
  })
} satisfies Record<string, Handler>

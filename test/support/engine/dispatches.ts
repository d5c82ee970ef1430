import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { DispatchCommands } from "../../../src/dispatching/commands/DispatchCommands.ts"
import { Dispatches } from "../../../src/dispatching/dispatches/Dispatches.ts"
import type { Dispatch } from "../../../src/domain/Dispatch.ts"
import { StoredDispatchId } from "../../../src/domain/Ids.ts"
import { eventually } from "../eventually.ts"

/** The dispatches of an issue, up to the state that a test waits for. */
export const makeDispatches = (
  services: Context.Context<Dispatches | DispatchCommands>,
  pass: Effect.Effect<unknown>
) => {
  const dispatches = {
    ...Context.get(services, Dispatches),
    cancel: Context.get(services, DispatchCommands).cancel
  }

  const attempts = (identifier: string) => dispatches.log({ issue: identifier, limit: 100 })

  /** The latest dispatch of the issue, once it is as wanted. */
  const until = (identifier: string, wanted: (dispatch: Dispatch) => boolean, seconds?: number) =>
    eventually(
      `the latest dispatch of ${identifier}`,
      Effect.map(attempts(identifier), ([latest]) => latest),
      (latest) => latest !== undefined && wanted(latest),
      seconds
    ).pipe(Effect.map((latest) => latest as Dispatch))

  const running = (identifier: string) => until(identifier, ({ status }) => status === "running")
  const settled = (identifier: string, seconds?: number) =>
    until(identifier, ({ settledAt }) => settledAt !== null, seconds)

  /** A pass that dispatches the issue, up to where its run is known. */
  const dispatched = (identifier: string) => Effect.andThen(pass, running(identifier))

  const events = (id: string) =>
    Effect.map(Effect.orDie(dispatches.events(StoredDispatchId.make(id))), (all) =>
      all.map(({ type }) => type)
    )

  /** Until the issue has its labels and state: what a test changes there afterwards is not overwritten. */
  const announced = ({ id }: Dispatch) =>
    eventually(`the issue of ${id} is announced`, events(id), (types) => types.includes("announced"))

  return { dispatches, attempts, until, running, settled, dispatched, events, announced }
}

import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Stream from "effect/Stream"
import type { Controls } from "../fly/Controls.ts"
import type { Change } from "../fly/State.ts"
import { overRunner } from "./Contact.ts"
import { type Agent, type Exit, work } from "./work.ts"
import { StoredDispatchId } from "../../domain/Ids.ts"

const codes = { success: 0, failure: 1 } as const

/** An agent in every machine whose environment names the service. Whatever stops the machine ends the agent. */
export const onFly = Effect.fnUntraced(function* (controls: Controls, agent: Agent) {
  const working = yield* FiberMap.make<string>()

  const worked = Effect.fnUntraced(function* (id: string) {
    const {
      AI_IMPLEMENT_DISPATCH_ID: dispatchId,
      AI_IMPLEMENT_TOKEN: token,
      AI_IMPLEMENT_URL: url
    }: Readonly<Record<string, string>> = yield* controls.environmentOf(id)
    if (!url || !dispatchId || !token) return
    const contact = yield* Effect.provide(
      overRunner({
        url,
        dispatchId: StoredDispatchId.make(dispatchId),
        token: Effect.succeed(token)
      }),
      FetchHttpClient.layer
    )
    const exit = yield* work(contact, agent).pipe(
      Effect.catchTag("Cut", () => Effect.succeed<Exit>("failure"))
    )
    if (exit === "cancelled") yield* controls.vanish(id)
    else yield* controls.exitMachine(id, { code: codes[exit] })
  }, Effect.orDie)

  const follow = ({ machine: { id }, state }: Change) =>
    state === "started" ? Effect.asVoid(FiberMap.run(working, id, worked(id))) : FiberMap.remove(working, id)

  yield* Stream.runForEach(controls.changes, follow).pipe(Effect.forkScoped({ startImmediately: true }))
})

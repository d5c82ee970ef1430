import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Controls } from "../fly/Controls.ts"
import type { Change } from "../fly/State.ts"
import { type Contact, overRunner } from "./Contact.ts"
import { type Agent, work } from "./work.ts"
import { StoredDispatchId } from "../../domain/Ids.ts"

const codes = { success: 0, failure: 1 } as const

/** An agent in every machine whose environment names the service. Whatever stops the machine ends the agent. */
export const onFly = Effect.fnUntraced(function* (controls: Controls, agent: Agent) {
  const working = yield* FiberMap.make<string>()

  // Null: the machine is lost.
  const codeOf = Effect.fnUntraced(function* (id: string, contact: Contact) {
    const job = yield* contact.claim
    if (job === null) return codes.success
    const { behaviourOf, program = null } = agent
    const environment = yield* Effect.orDie(controls.environmentOf(id))
    // The program claims again, as the same machine.
    const code = program && (yield* program.onMachine(id, environment, job, behaviourOf(job)))
    if (code !== null) return code
    const exit = yield* work({ ...contact, claim: Effect.succeed(job) }, agent)
    return exit === "cancelled" ? null : codes[exit]
  })

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
    const code = yield* codeOf(id, contact).pipe(Effect.catchTag("Cut", () => Effect.succeed(codes.failure)))
    if (code === null) yield* controls.vanish(id)
    else yield* controls.exitMachine(id, { code })
  }, Effect.orDie)

  // Its end is not awaited: the program reports before it exits.
  const follow = ({ machine: { id }, state }: Change) =>
    state === "started"
      ? Effect.asVoid(FiberMap.run(working, id, worked(id)))
      : Effect.sync(() => Option.map(FiberMap.getUnsafe(working, id), (fiber) => fiber.interruptUnsafe()))

  yield* Stream.runForEach(controls.changes, follow).pipe(Effect.forkScoped({ startImmediately: true }))
})

import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { Demo } from "../../src/sandbox/demo.ts"

export interface Words {
  /** Identifiers, in the order in which their plans were approved. */
  readonly approved: Array<string>
  readonly answered: Array<string>
}

/** How long a person lets a plan or a question wait. */
const minWaitMillis = 2000

/** A person at the API: approves plans and answers questions, each after it has waited a while. */
export const people = Effect.fnUntraced(function* ({ api }: Demo, words: Words) {
  const seen = new Map<string, number>()

  const isDue = Effect.fnUntraced(function* (id: string) {
    const now = yield* Clock.currentTimeMillis
    const since = seen.get(id) ?? now
    seen.set(id, since)
    return now - since >= minWaitMillis
  })

  const look = Effect.gen(function* () {
    for (const { identifier, reason } of yield* api.issues.list({ query: { reason: "waiting_approval" } })) {
      const plan = reason?._tag === "waiting_approval" ? reason.planDispatchId : null
      if (plan === null || words.approved.includes(identifier) || !(yield* isDue(plan))) continue
      yield* api.issues.approve({ params: { issueId: identifier } })
      words.approved.push(identifier)
    }
    for (const { closedAt, id, options } of yield* api.questions.list()) {
      if (closedAt !== null || words.answered.includes(id) || !(yield* isDue(id))) continue
      yield* api.questions.answer({ params: { id }, payload: { text: options[0] ?? "As you think best." } })
      words.answered.push(id)
    }
  })

  yield* Effect.repeat(Effect.ignore(look), Schedule.spaced("500 millis"))
})

import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type { Demo } from "../../src/sandbox/demo.ts"

class NothingYet extends Schema.TaggedError<NothingYet>()("NothingYet", { message: Schema.String }) {}

const titles = [
  "Name the failing field in every validation error",
  "Stop the importer when the file is empty",
  "Index invoices by customer and month",
  "Send the webhook again after a timeout",
  "Read the tax table once per batch",
  "Give every background job a deadline",
  "Say which migration is missing",
  "Drop the second lookup of the account"
]

const again = { schedule: Schedule.spaced("500 millis"), times: 240 }

const approve = Effect.fnUntraced(function* ({ api }: Demo) {
  const [issue] = yield* api.issues.list({ query: { reason: "waiting_approval" } })
  if (issue === undefined) return yield* new NothingYet({ message: "No plan waits for approval." })
  yield* api.issues.approve({ params: { issueId: issue.identifier } })
}, Effect.retry(again))

const answer = Effect.fnUntraced(function* ({ api }: Demo) {
  const question = (yield* api.questions.list()).at(-1)
  if (question === undefined) return yield* new NothingYet({ message: "No run has asked." })
  yield* api.questions.answer({ params: { id: question.id }, payload: { text: "Change the existing call" } })
}, Effect.retry(again))

const file = Effect.fnUntraced(function* ({ linear }: Demo) {
  for (let number = 0; ; number++) {
    yield* Effect.sleep("5 seconds")
    const title = titles[number % titles.length] ?? ""
    const priority = 1 + (number % 4)
    const team = number % 3 === 0 ? "WEB" : "ENG"
    linear.control.createIssue({ team, title, priority, labels: ["AI-Implement"], state: "Todo" })
  }
})

/** People at work: one plan is approved, the first question answered, and there is always a next issue. */
export const people = (demo: Demo) =>
  Effect.all([approve(demo), answer(demo), Effect.forkScoped(file(demo))], { discard: true })

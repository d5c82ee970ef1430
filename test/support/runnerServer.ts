import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Ask, Progress } from "../../src/domain/RunnerMessages.ts"
import { Report } from "../../src/domain/Report.ts"
import { serve, type Response } from "../../src/sandbox/Upstream.ts"

const decode = <S extends Schema.ConstraintDecoder<unknown>>(schema: S, text: string) =>
  Effect.orDie(Schema.decodeEffect(Schema.fromJsonString(schema), { onExcessProperty: "error" })(text))

const later = "2026-11-23T12:30:00.000Z"
const questionId = "01937c2e-0000-7000-8000-00000000000a"

const context = {
  dispatchId: "01937c2e-0000-7000-8000-000000000001",
  trigger: "poll",
  identifier: "ENG-42",
  title: "Add search",
  description: null,
  url: "https://linear.test/ENG-42",
  phase: "implementation",
  repo: "acme/shop",
  ref: "main",
  branch: "ai-implement/eng-42-add-search",
  sessionMode: "autonomous",
  comments: [],
  parent: null,
  plan: null,
  baseBranch: "main",
  pullRequest: null,
  followUp: null,
  maxCostUsd: null,
  maxTurns: null,
  planFeedback: null,
  previousPlan: null,
  deadlineAt: later,
  questionsToken: null
}

export interface Answers {
  readonly context?: Readonly<Record<string, unknown>>
  /** What a claim is answered with instead of its context. */
  readonly refusal?: Response
  /** Polls of the question that are answered `open`, and what follows. */
  readonly open?: number
  readonly answer?: string | null
}

/** The `/runner` routes as a run sees them, and what was said to them. */
export const runnerDouble = Effect.fn("runnerDouble")(function* (answers: Answers = {}) {
  const reports: Array<Report> = []
  const steps: Array<string> = []
  const asked: Array<Ask> = []
  const tokens: Array<string> = []
  let looks = 0
  const { control, url } = yield* serve({
    name: "Runner",
    handler: Effect.fnUntraced(function* ({ body, headers, method, url: { pathname } }) {
      tokens.push(headers["authorization"] ?? "")
      switch (`${method} ${pathname}`) {
        case "POST /runner/claim":
          return answers.refusal ?? { status: 200, body: { ...context, ...answers.context } }
        case "POST /runner/progress": {
          const { step } = yield* decode(Progress, body)
          if (step !== undefined) steps.push(step)
          return { status: 200, body: { accepted: true } }
        }
        case "POST /runner/questions":
          asked.push(yield* decode(Ask, body))
          return { status: 201, body: { id: questionId, expiresAt: later } }
        case `GET /runner/questions/${questionId}`: {
          looks += 1
          const { answer = null, open = 0 } = answers
          const state = looks <= open ? "open" : answer === null ? "unanswered" : "answered"
          return {
            status: 200,
            body: { state, answer: state === "answered" ? answer : null, expiresAt: later }
          }
        }
        case "POST /runner/report":
          reports.push(yield* decode(Report, body))
          return { status: 200, body: { accepted: true } }
      }
      return { status: 404, body: { _tag: "NotFound", error: `There is no ${method} ${pathname}.` } }
    })
  })
  return { url, control, reports, steps, asked, tokens }
})

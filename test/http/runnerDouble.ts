import * as Effect from "effect/Effect"
import { DispatchConflict, DispatchNotFound } from "../../src/Dispatches.ts"
import { Comments, NotMapped } from "../../src/Comments.ts"
import { Runner } from "../../src/Runner.ts"
import { NotAuthentic } from "../../src/Runner/errors.ts"
import { UpstreamError } from "../../src/UpstreamError.ts"
import { dispatch } from "./fixtures.ts"

/** What each token of a run meets. */
const answers = {
  late: new DispatchConflict({ message: "The dispatch has ended. End without work." }),
  blind: new UpstreamError({
    upstream: "github",
    operation: "id",
    reason: { _tag: "Unavailable", delivery: "unknown" },
    message: "GitHub does not answer."
  })
}

const known = dispatch(1)

/** A runner that knows one dispatch, and by the name of the token what to answer. */
export const runnerDouble = (ask: (line: string) => Effect.Effect<void>) => {
  const identify = Effect.fnUntraced(function* (token: string | null, dispatchId: string) {
    if (token === "late" || token === "blind") return yield* answers[token]
    if (token !== "good") return yield* new NotAuthentic({ message: "The token is not ours." })
    if (dispatchId !== known.id) return yield* new DispatchNotFound({ message: "No such dispatch." })
  })
  return Runner.of({
    claim: (token, dispatchId) =>
      Effect.as(identify(token, dispatchId), {
        identifier: known.issueIdentifier,
        title: known.issueTitle,
        description: null,
        url: known.issueUrl,
        phase: known.phase,
        repo: "acme/app",
        ref: known.ref,
        branch: known.branch,
        sessionMode: known.sessionMode,
        prNumber: null,
        planFeedback: null,
        previousPlan: null,
        deadlineAt: known.deadlineAt,
        questionsToken: null
      }),
    report: (token, report) =>
      Effect.andThen(identify(token, report.dispatchId), ask(`report ${report.outcome}`)),
    progress: (token, { dispatchId, lines = [], step = "" }) =>
      Effect.andThen(identify(token, dispatchId), ask(`progress ${step} ${lines.length}`))
  })
}

/** Comments are taken from a job that is known, of a repository that is mapped. */
export const commentsDouble = (ask: (line: string) => Effect.Effect<void>) =>
  Comments.of({
    tell: Effect.fnUntraced(function* (token, { commentId, number }) {
      if (token === "blind") return yield* answers.blind
      if (token === "foreign") return yield* new NotMapped({ message: "No team is mapped to it." })
      if (token !== "good") return yield* new NotAuthentic({ message: "The token is not ours." })
      yield* ask(`comment ${commentId} on ${number}`)
    }),
    read: Effect.void
  })

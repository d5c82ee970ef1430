import * as Effect from "effect/Effect"
import { DispatchConflict, DispatchNotFound } from "../../src/dispatching/dispatches/Dispatches.ts"
import { Comments, NotMapped } from "../../src/dispatching/comments/Comments.ts"
import { Runner } from "../../src/dispatching/callbacks/Runner.ts"
import { InvalidToken, TooManyCalls } from "../../src/dispatching/callbacks/errors.ts"
import { UpstreamError } from "../../src/upstreams/UpstreamError.ts"
import { QuestionClosed, QuestionNotFound, Questions } from "../../src/dispatching/questions/Questions.ts"
import { dispatch, question } from "./apiSamples.ts"

/** What each token of a run meets. */
const answers = {
  busy: new TooManyCalls({ message: "A run may make 10 calls in a second.", retryAfter: 3 }),
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
    if (token === "late" || token === "blind" || token === "busy") return yield* answers[token]
    if (token !== "good") return yield* new InvalidToken({ message: "The token is not ours." })
    if (dispatchId !== known.id) return yield* new DispatchNotFound({ message: "No such dispatch." })
  })
  return Runner.of({
    refusal: (token) =>
      Effect.succeed(token === "stranger" ? new InvalidToken({ message: "The token is not ours." }) : null),
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
        dispatchId: known.id,
        trigger: known.trigger,
        comments: [],
        parent: null,
        plan: null,
        baseBranch: known.ref,
        pullRequest: null,
        followUp: null,
        maxCostUsd: null,
        maxTurns: null,
        planFeedback: null,
        previousPlan: null,
        deadlineAt: known.deadlineAt,
        questionsToken: null
      }),
    token: (token, dispatchId) =>
      Effect.as(identify(token, dispatchId), { token: "ghs_narrow", expiresAt: question.expiresAt }),
    report: (token, report) =>
      Effect.andThen(identify(token, report.dispatchId), ask(`report ${report.outcome}`)),
    progress: (token, { dispatchId, lines = [], step = "" }) =>
      Effect.andThen(identify(token, dispatchId), ask(`progress ${step} ${lines.length}`)),
    ask: (token, { dispatchId, text }) =>
      identify(token, dispatchId).pipe(
        Effect.andThen(ask(`ask ${text}`)),
        Effect.as({ id: question.id, expiresAt: question.expiresAt })
      ),
    question: (token, id, seconds, cut) =>
      known.id === question.dispatchId && id === question.id
        ? identify(token, known.id).pipe(
            Effect.andThen(ask(`wait ${seconds}`)),
            Effect.andThen(seconds === 60 ? cut : Effect.void),
            Effect.as({ state: "open" as const, answer: null, expiresAt: question.expiresAt })
          )
        : Effect.fail(noQuestion)
  })
}

const noQuestion = new QuestionNotFound({ message: "No such question." })

/** One open question, which is answered once. */
export const questionsDouble = (ask: (line: string) => Effect.Effect<void>) => {
  let answered = false
  return Questions.of({
    list: Effect.succeed([question]),
    find: () => Effect.fail(noQuestion),
    ask: () => Effect.die("unexpected ask"),
    wait: () => Effect.die("unexpected wait"),
    takeReplies: Effect.succeed(0),
    answer: Effect.fnUntraced(function* (id, text, { name }) {
      if (id !== question.id) return yield* noQuestion
      if (answered) return yield* new QuestionClosed({ message: "Ada has answered before." })
      answered = true
      yield* ask(`answer ${text} by ${name}`)
      return question
    })
  })
}

/** Comments are taken from a job that is known, of a repository that is mapped. */
export const commentsDouble = (ask: (line: string) => Effect.Effect<void>) =>
  Comments.of({
    report: Effect.fnUntraced(function* (token, { commentId, number }) {
      if (token === "blind") return yield* answers.blind
      if (token === "foreign") return yield* new NotMapped({ message: "No team is mapped to it." })
      if (token !== "good") return yield* new InvalidToken({ message: "The token is not ours." })
      yield* ask(`comment ${commentId} on ${number}`)
    }),
    followDue: Effect.void
  })

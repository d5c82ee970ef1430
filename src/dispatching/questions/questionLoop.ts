import * as Arr from "effect/Array"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { singletonLoop } from "../../platform/loops.ts"
import { AppConfig } from "../../platform/Config.ts"
import { Tracker } from "../../upstreams/Tracker.ts"
import { Lifecycle } from "../lifecycle/Lifecycle.ts"
import { decideRetry, retryWait } from "../../domain/retry.ts"
import { Questions } from "./Questions.ts"
import { askedComment, closingComment } from "./comments.ts"
import { questionClosed, questionUnanswered } from "./questionEvents.ts"
import { QuestionPolicy } from "./policy.ts"
import { type QuestionRow, QuestionsRepo } from "./QuestionsRepo.ts"

const expire = Effect.fn("Questions.expireOne")(function* (question: QuestionRow) {
  const repo = yield* QuestionsRepo
  const lifecycle = yield* Lifecycle
  if (question.sessionMode === "interactive") {
    yield* lifecycle.stop(question.dispatchId, {
      by: "the service",
      reason: "question_unanswered",
      message: "No one answered the question in time: stopping the run"
    })
  }
  yield* repo.expire(question.id, questionUnanswered)
})

// Reads the threads once more first: an answer counts by the time it was written.
const expireDue = Effect.fn("Questions.expireDue")(function* () {
  const repo = yield* QuestionsRepo
  const questions = yield* Questions
  const { unreadThreadAfter } = yield* QuestionPolicy
  const now = yield* DateTime.now
  const expired = (question: QuestionRow) => DateTime.isLessThanOrEqualTo(question.expiresAt, now)
  if (!(yield* repo.open).some(expired)) return
  const read = yield* questions.takeReplies.pipe(
    Effect.as(true),
    Effect.catch((error) =>
      Effect.as(
        Effect.logWarning(`Replies to questions could not be read and are read again: ${error.message}`),
        false
      )
    )
  )
  const expiredLongAgo = (question: QuestionRow) =>
    DateTime.isLessThanOrEqualTo(DateTime.addDuration(question.expiresAt, unreadThreadAfter), now)
  const due = Arr.filter(yield* repo.open, read ? expired : expiredLongAgo)
  yield* Effect.forEach(due, expire, { discard: true })
})

const comment = Effect.fn("Questions.comment")(function* (question: QuestionRow) {
  const repo = yield* QuestionsRepo
  const tracker = yield* Tracker
  const policy = yield* QuestionPolicy
  const { PUBLIC_URL } = yield* AppConfig
  const now = yield* DateTime.now
  const attempts = question.attempts + 1
  const retryAt = DateTime.addDuration(now, retryWait(policy, attempts))
  if (!(yield* repo.beginComment(question, retryAt))) return
  const { closedAt, commentId, closingCommentId, issueId } = question
  const text =
    closedAt === null
      ? { id: commentId, issueId, body: askedComment(question, PUBLIC_URL) }
      : { id: closingCommentId, issueId, body: closingComment(question) ?? "", parentId: commentId }
  yield* tracker.comment(text).pipe(
    Effect.andThen(repo.markCommented(question)),
    Effect.catch(
      Effect.fnUntraced(function* (error) {
        const permanent = error.reason._tag === "NotFound"
        // An open question is commented until it expires.
        const over =
          closedAt !== null &&
          decideRetry(policy, { attempts, firstAt: closedAt, now }, { permanent })._tag === "GiveUp"
        if (over) yield* repo.markCommented(question)
        yield* Effect.logWarning(
          `The question of ${question.issueIdentifier} could not be commented and ${over ? "is given up" : "will be retried"}: ${error.message}`
        )
      })
    )
  )
})

/** Closes questions that ended or expired, and writes due comments. */
export const turn = Effect.fn("Questions.turn")(function* () {
  const repo = yield* QuestionsRepo
  yield* repo.closeEnded(questionClosed)
  yield* expireDue()
  yield* Effect.forEach(yield* repo.dueComments(), comment, { concurrency: 3, discard: true })
})

export const layer = Layer.unwrap(
  Effect.map(QuestionPolicy, ({ interval }) =>
    singletonLoop("questions", "The question loop", turn(), interval)
  )
)

import * as Arr from "effect/Array"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { singletonLoop } from "../../platform/loops.ts"
import { AppConfig } from "../../platform/Config.ts"
import { Tracker } from "../../upstreams/Tracker.ts"
import { Lifecycle } from "../lifecycle/Lifecycle.ts"
import { Policy } from "../lifecycle/policy.ts"
import { pause } from "../lifecycle/step.ts"
import { Questions } from "./Questions.ts"
import { askedComment, closingComment } from "./comments.ts"
import { type QuestionRow, QuestionsRepo } from "./QuestionsRepo.ts"

/** Ends a question that nobody answered; where the run cannot go on without, it is stopped first. */
const expire = Effect.fn("Questions.expireOne")(function* (question: QuestionRow) {
  const repo = yield* QuestionsRepo
  const lifecycle = yield* Lifecycle
  if (question.sessionMode === "interactive") {
    yield* lifecycle.stop(question.dispatchId, {
      by: "the service",
      reason: "question_unanswered",
      message: "Nobody answered its question in time: stopping the run"
    })
  }
  yield* repo.expire(question.id)
})

/** Their threads are read once more before: an answer counts by when it was written, not by when it was seen. */
const expireDue = Effect.fn("Questions.expireDue")(function* () {
  const repo = yield* QuestionsRepo
  const questions = yield* Questions
  const { unreadThreadAfter } = yield* Policy
  const now = yield* DateTime.now
  const over = (question: QuestionRow) => DateTime.isLessThanOrEqualTo(question.expiresAt, now)
  if (!(yield* repo.open).some(over)) return
  const read = yield* questions.takeReplies.pipe(
    Effect.as(true),
    Effect.catch((error) =>
      Effect.as(Effect.logWarning(`Replies to questions could not be read: ${error.message}`), false)
    )
  )
  const longOver = (question: QuestionRow) =>
    DateTime.isLessThanOrEqualTo(DateTime.addDuration(question.expiresAt, unreadThreadAfter), now)
  const due = Arr.filter(yield* repo.open, read ? over : longOver)
  yield* Effect.forEach(due, expire, { discard: true })
})

const tell = Effect.fn("Questions.tell")(function* (question: QuestionRow) {
  const repo = yield* QuestionsRepo
  const tracker = yield* Tracker
  const policy = yield* Policy
  const { PUBLIC_URL } = yield* AppConfig
  const now = yield* DateTime.now
  if (!(yield* repo.beginTelling(question, DateTime.addDuration(now, pause(question.attempts, policy)))))
    return
  const { closedAt, commentId, closingCommentId, issueId } = question
  const comment =
    closedAt === null
      ? { id: commentId, issueId, body: askedComment(question, PUBLIC_URL) }
      : { id: closingCommentId, issueId, body: closingComment(question) ?? "", parentId: commentId }
  yield* tracker.comment(comment).pipe(
    Effect.andThen(repo.told(question)),
    Effect.catch(
      Effect.fnUntraced(function* (error) {
        const late =
          closedAt !== null && DateTime.isLessThan(DateTime.addDuration(closedAt, policy.giveUpAfter), now)
        if (late || (closedAt !== null && error.reason._tag === "NotFound")) yield* repo.told(question)
        yield* Effect.logWarning(
          `${question.issueIdentifier} could not be told of its question: ${error.message}`
        )
      })
    )
  )
})

/** Closes what is over, and tells the issues what is not told yet. */
export const turn = Effect.fn("Questions.turn")(function* () {
  const repo = yield* QuestionsRepo
  yield* repo.closeEnded()
  yield* expireDue()
  yield* Effect.forEach(yield* repo.toTell(), tell, { concurrency: 3, discard: true })
})

/** One replica sees to the questions of all dispatches. */
export const layer = Layer.unwrap(
  Effect.map(Policy, ({ questionInterval }) =>
    singletonLoop("questions", "Asking and answering", turn(), questionInterval)
  )
)

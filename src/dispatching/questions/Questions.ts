import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import type { QuestionState } from "../../domain/RunnerMessages.ts"
import { type Actor, Audit, nameOf } from "../../admin/Audit.ts"
import { DispatchConflict } from "../dispatches/Dispatches.ts"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"
import { TransitionsRepo } from "../dispatches/TransitionsRepo.ts"
import { Question } from "../../domain/Question.ts"
import { Tracker, type Reply } from "../../upstreams/Tracker.ts"
import { questionNotice } from "../dispatches/notices.ts"
import { OutboxRepo } from "../../messaging/Notifications/OutboxRepo.ts"
import { makeClosings } from "./closings.ts"
import { questionAnswered, questionAsked } from "./questionEvents.ts"
import { type QuestionRow, QuestionsRepo } from "./QuestionsRepo.ts"
import { expiryOf, refusedQuestion } from "./rules.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"
import type { UpstreamError } from "../../upstreams/UpstreamError.ts"

export class QuestionNotFound extends Schema.TaggedError<QuestionNotFound>()("QuestionNotFound", {
  message: Schema.String
}) {}

/** The question is closed: it was answered, it expired, or its run has ended. */
export class QuestionClosed extends Schema.TaggedError<QuestionClosed>()("QuestionClosed", {
  message: Schema.String
}) {}

export interface NewQuestion {
  readonly text: string
  readonly options: ReadonlyArray<string>
}

/** Questions of runs to people; the first answer counts. */
export class Questions extends Context.Service<
  Questions,
  {
    readonly list: Effect.Effect<ReadonlyArray<Question>>
    readonly find: (id: string) => Effect.Effect<Question, QuestionNotFound>
    /** An equal text is the same question until the run has read its result. */
    readonly ask: (
      dispatch: DispatchRow,
      question: NewQuestion
    ) => Effect.Effect<Pick<Question, "id" | "expiresAt">, DispatchConflict>
    /** The state once the question closes, after `seconds`, or when `cut` ends. */
    readonly wait: (
      id: string,
      seconds: number,
      cut: Effect.Effect<void>
    ) => Effect.Effect<QuestionState, QuestionNotFound>
    readonly answer: (
      id: string,
      text: string,
      by: Actor
    ) => Effect.Effect<Question, QuestionNotFound | QuestionClosed>
    /** Reads replies to open questions and returns the number of requests: one, or none. */
    readonly takeReplies: Effect.Effect<number, UpstreamError>
  }
>()("ai-implement/dispatching/questions/Questions") {
  static readonly layerNoDeps = Layer.effect(
    Questions,
    Effect.gen(function* () {
      const atomically = yield* makeAtomically
      const repo = yield* QuestionsRepo
      const transitions = yield* TransitionsRepo
      const tracker = yield* Tracker
      const outbox = yield* OutboxRepo
      const onClose = yield* makeClosings(repo.closedOf)
      const audit = yield* Audit

      const find = Effect.fn("Questions.find")(function* (id: string) {
        const found = yield* repo.find(id)
        return found ?? (yield* new QuestionNotFound({ message: `There is no question ${id}.` }))
      })

      const ask = Effect.fn("Questions.ask")(function* (row: DispatchRow, { options, text }: NewQuestion) {
        const { open, total } = yield* repo.count(row.id)
        const dispatch = (yield* transitions.find(row.id)) ?? row
        const same = yield* repo.findSame(row.id, text)
        if (same !== null) return { id: same.id, expiresAt: same.expiresAt }
        const refused = refusedQuestion(dispatch, open, total)
        if (refused !== null) return yield* new DispatchConflict({ message: refused })
        const expiresAt = expiryOf(yield* DateTime.now, dispatch.deadlineAt)
        const { id: dispatchId, issueId } = dispatch
        const id = yield* repo.add({ dispatchId, issueId, text, options, expiresAt }, questionAsked)
        yield* outbox.add(`${id}/asked`, questionNotice(dispatch, text, options))
        return { id, expiresAt }
      }, atomically)

      const wait = Effect.fn("Questions.wait")(function* (
        id: string,
        seconds: number,
        cut: Effect.Effect<void>
      ) {
        const closed = yield* onClose(id)
        const before = yield* find(id)
        if (before.closedAt === null && seconds > 0) {
          yield* closed.pipe(Effect.timeoutOption(Duration.seconds(seconds)), Effect.raceFirst(cut))
        }
        const question = before.closedAt === null ? yield* find(id) : before
        if (question.closedAt !== null) yield* repo.acknowledge(id)
        return stateOf(question)
      }, Effect.scoped)

      const answer = Effect.fn("Questions.answer")(function* (id: string, text: string, by: Actor) {
        const question = yield* find(id)
        const at = yield* DateTime.now
        const name = nameOf(by)
        const answered = yield* repo.answer(id, { text, by: name, via: "api", at }, questionAnswered(name))
        if (answered === null) return yield* closedBefore(yield* find(id))
        yield* audit.record({
          actor: by,
          action: "question.answer",
          subject: id,
          after: { issue: question.issueIdentifier, dispatch: question.dispatchId }
        })
        return shown(answered)
      }, atomically)

      const take = Effect.fnUntraced(function* (question: QuestionRow, replies: ReadonlyArray<Reply>) {
        for (const { at, by, commentId, text } of replies) {
          if (commentId !== question.commentId || text === "") continue
          const answer = {
            text: shorten(text, maxAnswerLength),
            by: shorten(by, maxNameLength),
            via: "comment",
            at
          } as const
          if ((yield* repo.answer(question.id, answer, questionAnswered(answer.by))) !== null) return
        }
      })

      const takeReplies = Effect.fn("Questions.takeReplies")(function* () {
        const commented = (yield* repo.open).filter(({ commentBegunAt }) => commentBegunAt !== null)
        if (commented.length === 0) return 0
        const replies = yield* tracker.replies({
          commentIds: commented.map(({ commentId }) => commentId),
          ours: commented.map(({ closingCommentId }) => closingCommentId)
        })
        yield* Effect.forEach(commented, (question) => take(question, replies), { discard: true })
        return 1
      })

      const list = Effect.map(repo.list, (rows) => rows.map(shown))

      return Questions.of({ list, find, ask, wait, answer, takeReplies: takeReplies() })
    })
  )

  static readonly layer = this.layerNoDeps.pipe(Layer.provideMerge(QuestionsRepo.layer))
}

const shown = (row: QuestionRow): Question => Struct.pick(row, Struct.keys(Question.fields))

const maxAnswerLength = 10_000
const maxNameLength = 200

const shorten = (text: string, maxLength: number) => text.slice(0, maxLength).toWellFormed()

const stateOf = ({ answer, closedAt, expiresAt }: Question): QuestionState => ({
  state: answer !== null ? "answered" : closedAt !== null ? "unanswered" : "open",
  answer: answer?.text ?? null,
  expiresAt
})

const closedBefore = ({ answer, closedAt, issueIdentifier }: Question) =>
  new QuestionClosed({
    message:
      answer !== null
        ? `${answer.by} has already answered this question of ${issueIdentifier}. Nothing was changed.`
        : closedAt !== null
          ? `This question of ${issueIdentifier} is closed: no one answered in time, or its run has ended. Nothing was changed.`
          : `This question of ${issueIdentifier} has expired, or its run has ended. Nothing was changed.`
  })

import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
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
import { type QuestionRow, QuestionsRepo } from "./QuestionsRepo.ts"
import { expiryOf, refusedQuestion } from "./rules.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"
import { Signals } from "../../platform/Signals.ts"
import type { UpstreamError } from "../../upstreams/UpstreamError.ts"

export class QuestionNotFound extends Schema.TaggedError<QuestionNotFound>()("QuestionNotFound", {
  message: Schema.String
}) {}

/** The question has closed: another answer came first, or its time or its run is over. */
export class QuestionClosed extends Schema.TaggedError<QuestionClosed>()("QuestionClosed", {
  message: Schema.String
}) {}

export interface Asked {
  readonly text: string
  readonly options: ReadonlyArray<string>
}

/** What runs ask people, and the first answers. */
export class Questions extends Context.Service<
  Questions,
  {
    /** Newest first. */
    readonly list: Effect.Effect<ReadonlyArray<Question>>
    readonly find: (id: string) => Effect.Effect<Question, QuestionNotFound>
    /** The same words again are the same question, until the run has heard how it closed. */
    readonly ask: (
      dispatch: DispatchRow,
      asked: Asked
    ) => Effect.Effect<Pick<Question, "id" | "expiresAt">, DispatchConflict>
    /** Its state once it has closed, or after `seconds`, or when `cut` ends. */
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
    /** Takes what people replied to open questions: one request, or none. Answers how many. */
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
      const signals = yield* Signals
      const audit = yield* Audit

      const find = Effect.fn("Questions.find")(function* (id: string) {
        const found = yield* repo.find(id)
        return found ?? (yield* new QuestionNotFound({ message: `There is no question ${id}.` }))
      })

      const ask = Effect.fn("Questions.ask")(function* (row: DispatchRow, { options, text }: Asked) {
        const { asked, open } = yield* repo.count(row.id)
        const dispatch = (yield* transitions.find(row.id)) ?? row
        const same = yield* repo.same(row.id, text)
        if (same !== null) return { id: same.id, expiresAt: same.expiresAt }
        const refused = refusedQuestion(dispatch, open, asked)
        if (refused !== null) return yield* new DispatchConflict({ message: refused })
        const expiresAt = expiryOf(yield* DateTime.now, dispatch.deadlineAt)
        const { id: dispatchId, issueId } = dispatch
        const id = yield* repo.add({ dispatchId, issueId, text, options, expiresAt })
        yield* outbox.add(`${id}/asked`, questionNotice(dispatch, text, options))
        yield* signals.notify("questions")
        return { id, expiresAt }
      }, atomically)

      const wait = Effect.fn("Questions.wait")(function* (
        id: string,
        seconds: number,
        cut: Effect.Effect<void>
      ) {
        const closed = find(id).pipe(
          Effect.repeat({
            until: ({ closedAt }) => closedAt !== null,
            schedule: Schedule.spaced(checkInterval)
          }),
          Effect.timeoutOption(Duration.seconds(seconds))
        )
        yield* Effect.raceFirst(closed, cut)
        const question = yield* find(id)
        if (question.closedAt !== null) yield* repo.heard(id)
        return stateOf(question)
      })

      const answer = Effect.fn("Questions.answer")(function* (id: string, text: string, by: Actor) {
        const question = yield* find(id)
        const at = yield* DateTime.now
        const answered = yield* repo.answer(id, { text, by: nameOf(by), via: "api", at })
        if (answered === null) return yield* closedBefore(yield* find(id))
        yield* audit.record({
          actor: by,
          action: "question.answer",
          subject: id,
          after: { issue: question.issueIdentifier, dispatch: question.dispatchId }
        })
        yield* signals.notify("questions")
        return shown(answered)
      }, atomically)

      const take = Effect.fnUntraced(function* (question: QuestionRow, replies: ReadonlyArray<Reply>) {
        for (const { at, by, commentId, text } of replies) {
          if (commentId !== question.commentId || text === "") continue
          const answer = {
            text: cut(text, maxAnswerLength),
            by: cut(by, maxNameLength),
            via: "comment",
            at
          } as const
          if ((yield* repo.answer(question.id, answer)) !== null) return
        }
      })

      const takeReplies = Effect.fn("Questions.takeReplies")(function* () {
        const told = (yield* repo.open).filter(({ commentBegunAt }) => commentBegunAt !== null)
        if (told.length === 0) return 0
        const replies = yield* tracker.replies(told.map(({ commentId }) => commentId))
        yield* Effect.forEach(told, (question) => take(question, replies), { discard: true })
        return 1
      })

      const list = Effect.map(repo.list, (rows) => rows.map(shown))

      return Questions.of({ list, find, ask, wait, answer, takeReplies: takeReplies() })
    })
  )

  static readonly layer = this.layerNoDeps.pipe(Layer.provideMerge(QuestionsRepo.layer))
}

/** Without what telling the issue of it needs. */
const shown = (row: QuestionRow): Question => Struct.pick(row, Struct.keys(Question.fields))

const checkInterval = Duration.seconds(1)
const maxAnswerLength = 10_000
const maxNameLength = 200

const cut = (text: string, most: number) => text.slice(0, most).toWellFormed()

const stateOf = ({ answer, closedAt, expiresAt }: Question): QuestionState => ({
  state: answer !== null ? "answered" : closedAt !== null ? "unanswered" : "open",
  answer: answer?.text ?? null,
  expiresAt
})

const closedBefore = ({ answer, closedAt, issueIdentifier }: Question) =>
  new QuestionClosed({
    message:
      answer !== null
        ? `${answer.by} has answered this question of ${issueIdentifier} before. Nothing was changed.`
        : closedAt !== null
          ? `This question of ${issueIdentifier} is closed: nobody answered in time, or its run has ended. Nothing was changed.`
          : `The time for this question of ${issueIdentifier} is over, or its run has ended. Nothing was changed.`
  })

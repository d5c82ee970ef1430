import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SecureRandom from "effect/crypto/SecureRandom"
import type { TimelineEvent } from "../../../src/dispatching/dispatches/timelineEvents.ts"
import {
  type Answered,
  type QuestionRow,
  QuestionsRepo
} from "../../../src/dispatching/questions/QuestionsRepo.ts"
import { Signals } from "../../../src/platform/Signals.ts"
import { note, updateWaiting } from "./timeline.ts"
import { Memory } from "./Memory.ts"
import type { Transaction } from "./Store.ts"
import * as t from "./tables.ts"

const maxDueComments = 20

const rowOf = (tx: Transaction, question: t.StoredQuestion): QuestionRow => {
  const dispatch = tx.get(t.dispatches, question.dispatchId)
  if (dispatch === null) throw new Error("a question without its dispatch")
  const { commentedAt: _, closingCommentedAt: __, heardAt: ___, nextAt: ____, ...own } = question
  return { ...own, issueIdentifier: dispatch.issueIdentifier, sessionMode: dispatch.sessionMode }
}

const byId = (a: t.StoredQuestion, b: t.StoredQuestion): number => (a.id < b.id ? -1 : 1)

export const layer = Layer.effect(
  QuestionsRepo,
  Effect.gen(function* () {
    const { run, store } = yield* Memory
    const random = yield* SecureRandom.SecureRandom
    const signals = yield* Signals

    const select = (
      where: (question: t.StoredQuestion, tx: Transaction, now: DateTime.Utc) => boolean,
      order = byId
    ) =>
      run((tx, now) =>
        tx
          .all(t.questions)
          .filter((question) => where(question, tx, now))
          .toSorted(order)
          .map((question) => rowOf(tx, question))
      )

    const close = (
      where: (question: t.StoredQuestion, tx: Transaction) => boolean,
      entry: TimelineEvent,
      answer: Answered | null = null
    ) =>
      run((tx, now) =>
        tx
          .all(t.questions)
          .filter((question) => question.closedAt === null && where(question, tx))
          .map((question) => {
            const unsaid = question.commentBegunAt === null || answer?.via === "comment"
            const closed = {
              ...question,
              answer,
              closedAt: now,
              attempts: 0,
              nextAt: now,
              closingCommentedAt: unsaid ? now : null
            }
            tx.put(t.questions, question.id, closed)
            updateWaiting(tx, question.dispatchId)
            note(store, tx, question.dispatchId, now, { ...entry, facts: { question: question.id } })
            return rowOf(tx, closed)
          })
      ).pipe(Effect.tap((rows) => (rows.length > 0 ? signals.notify("questions") : Effect.void)))

    const hasEnded = (question: t.StoredQuestion, tx: Transaction) =>
      tx.get(t.dispatches, question.dispatchId)?.outcome != null

    return QuestionsRepo.of({
      find: (id) =>
        Effect.map(
          select((question) => question.id === id),
          (rows) => rows[0] ?? null
        ),
      list: select(
        () => true,
        (a, b) => byId(b, a)
      ),
      open: select(({ closedAt }) => closedAt === null),
      count: (dispatchId) =>
        run((tx) => {
          tx.lock(t.dispatches, dispatchId)
          const own = tx.all(t.questions).filter((question) => question.dispatchId === dispatchId)
          return { total: own.length, open: own.filter(({ closedAt }) => closedAt === null).length }
        }),
      findSame: (dispatchId, text) =>
        Effect.map(
          select((question, tx) => {
            if (question.dispatchId !== dispatchId || question.text !== text) return false
            const dispatch = tx.get(t.dispatches, dispatchId)
            const lives = dispatch?.outcome === null && dispatch.stopRequestedAt === null
            return question.closedAt === null || (question.heardAt === null && lives)
          }),
          (rows) => rows[0] ?? null
        ),
      acknowledge: (id) =>
        run((tx, now) => {
          tx.update(t.questions, id, (question) =>
            question.heardAt === null ? { ...question, heardAt: now } : null
          )
        }),
      add: Effect.fnUntraced(function* (question, entry) {
        const id = yield* random.uuidV7()
        const commentId = yield* random.uuidV4()
        const closingCommentId = yield* random.uuidV4()
        yield* run((tx, now) => {
          tx.put(t.questions, id, {
            ...question,
            id,
            askedAt: now,
            answer: null,
            closedAt: null,
            commentId,
            commentBegunAt: null,
            commentedAt: null,
            closingCommentId,
            closingCommentedAt: null,
            heardAt: null,
            attempts: 0,
            nextAt: now
          })
          updateWaiting(tx, question.dispatchId)
          note(store, tx, question.dispatchId, now, { ...entry, facts: { question: id } })
        })
        yield* signals.notify("questions")
        return id
      }),
      answer: (id, given, entry) =>
        Effect.map(
          close(
            (question, tx) =>
              question.id === id &&
              DateTime.isGreaterThanOrEqualTo(question.expiresAt, given.at) &&
              !hasEnded(question, tx),
            entry,
            given
          ),
          (rows) => rows[0] ?? null
        ),
      expire: (id, entry) => close((question) => question.id === id, entry),
      closeEnded: (entry) => close(hasEnded, entry),
      dueComments: () =>
        Effect.map(
          select(
            (question, _, now) =>
              DateTime.isLessThanOrEqualTo(question.nextAt, now) &&
              (question.closedAt === null ? question.commentedAt : question.closingCommentedAt) === null,
            (a, b) => DateTime.Order(a.nextAt, b.nextAt)
          ),
          (rows) => rows.slice(0, maxDueComments)
        ),
      beginComment: (row, retryAt) =>
        run((tx, now) => {
          const at = (date: DateTime.Utc | null) => (date === null ? null : DateTime.toEpochMillis(date))
          const begun = tx.update(t.questions, row.id, (question) =>
            question.attempts === row.attempts && at(question.closedAt) === at(row.closedAt)
              ? {
                  ...question,
                  attempts: question.attempts + 1,
                  nextAt: retryAt,
                  commentBegunAt: question.commentBegunAt ?? now
                }
              : null
          )
          return begun !== null
        }),
      markCommented: (row) =>
        run((tx, now) => {
          tx.update(t.questions, row.id, (question) =>
            row.closedAt === null
              ? { ...question, commentedAt: question.commentedAt ?? now }
              : { ...question, closingCommentedAt: question.closingCommentedAt ?? now }
          )
        }),
      closedOf: (ids) =>
        run((tx) =>
          ids.filter((id) => {
            const question = tx.get(t.questions, id)
            return question !== null && question.closedAt !== null
          })
        )
    })
  })
)

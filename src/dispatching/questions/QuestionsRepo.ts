import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as SqlClient from "effect/sql/SqlClient"
import type * as Statement from "effect/sql/Statement"
import { SessionMode } from "../../domain/Modes.ts"
import { Question } from "../../domain/Question.ts"
import { Timestamp } from "../../domain/Text.ts"
import type { TimelineEvent } from "../dispatches/timelineEvents.ts"
import { TimelineRepo } from "../dispatches/TimelineRepo.ts"
import { TransitionsRepo } from "../dispatches/TransitionsRepo.ts"
import { Signals } from "../../platform/Signals.ts"
import type { DispatchId, IssueId } from "../../domain/Ids.ts"

const maxListed = 500
const maxDueComments = 20

const Ids = Schema.Array(Schema.Struct({ id: Schema.String }))
const Count = Schema.Struct({ open: Schema.Int, total: Schema.Int })

/** A question with the state of its comments on the issue. */
export const QuestionRow = Schema.Struct({
  ...Question.fields,
  sessionMode: SessionMode,
  commentId: Schema.String,
  commentBegunAt: Schema.NullOr(Timestamp),
  closingCommentId: Schema.String,
  attempts: Schema.Int
})
export type QuestionRow = typeof QuestionRow.Type

export interface NewQuestion {
  readonly dispatchId: DispatchId
  readonly issueId: IssueId
  readonly text: string
  readonly options: ReadonlyArray<string>
  readonly expiresAt: DateTime.Utc
}

export interface Answered {
  readonly text: string
  readonly by: string
  readonly via: "comment" | "api"
  readonly at: DateTime.Utc
}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom
  const timeline = yield* TimelineRepo
  const transitions = yield* TransitionsRepo
  const signals = yield* Signals
  const date = DateTime.toDateUtc
  const decode = Schema.decodeUnknownEffect(Schema.Array(QuestionRow))
  const decodeIds = Schema.decodeUnknownEffect(Ids)
  const decodeCount = Schema.decodeUnknownEffect(Schema.Tuple([Count]))

  const select = (where: Statement.Fragment) =>
    sql`select q.id, q.dispatch_id, q.issue_id, d.issue_identifier, q.text, q.options, q.asked_at, q.expires_at,
        case when q.answered_at is null then null else jsonb_build_object('text', q.answer_text, 'by', q.answer_by,
          'via', q.answer_via, 'at', q.answered_at) end as answer, q.closed_at, d.session_mode, q.comment_id,
        q.comment_begun_at, q.closing_comment_id, q.attempts
      from questions q join dispatches d on d.id = q.dispatch_id where ${where}`.pipe(Effect.flatMap(decode))

  const note = Effect.fnUntraced(function* (
    row: Pick<QuestionRow, "id" | "dispatchId">,
    event: TimelineEvent
  ) {
    yield* timeline.add(row.dispatchId, { ...event, facts: { question: row.id } })
  })

  const one = (where: Statement.Fragment) => Effect.map(select(where), (rows) => rows[0] ?? null)

  const find = Effect.fn("Questions.find")((id: string) => one(sql`q.id = ${id}`), Effect.orDie)

  const list = select(sql`true order by q.id desc limit ${maxListed}`).pipe(Effect.orDie)

  const open = select(sql`q.closed_at is null order by q.id`).pipe(Effect.orDie)

  // Locks the dispatch, so that the limits hold for concurrent questions.
  const count = Effect.fn("Questions.count")(function* (dispatchId: DispatchId) {
    yield* sql`select 1 from dispatches where id = ${dispatchId} for update`
    const [row] = yield* sql`select count(*)::int as total,
        (count(*) filter (where closed_at is null))::int as open
      from questions where dispatch_id = ${dispatchId}`.pipe(Effect.flatMap(decodeCount))
    return row
  }, Effect.orDie)

  const findSame = Effect.fn("Questions.findSame")(
    (dispatchId: DispatchId, text: string) =>
      one(sql`q.dispatch_id = ${dispatchId} and q.text = ${text} and (q.closed_at is null
        or (q.heard_at is null and d.outcome is null and d.stop_requested_at is null))`),
    Effect.orDie
  )

  const acknowledge = Effect.fn("Questions.acknowledge")(function* (id: string) {
    const now = date(yield* DateTime.now)
    yield* sql`update questions set heard_at = ${now} where id = ${id} and heard_at is null`
  }, Effect.orDie)

  const add = Effect.fn("Questions.add")(
    function* (question: NewQuestion, event: TimelineEvent) {
      const now = date(yield* DateTime.now)
      const id = yield* random.uuidV7()
      yield* sql`insert into questions ${sql.insert({
        id,
        dispatchId: question.dispatchId,
        issueId: question.issueId,
        text: question.text,
        options: JSON.stringify(question.options),
        askedAt: now,
        expiresAt: date(question.expiresAt),
        commentId: yield* random.uuidV4(),
        closingCommentId: yield* random.uuidV4(),
        nextAt: now
      })}`
      yield* transitions.updateWaiting(question.dispatchId)
      yield* note({ id, dispatchId: question.dispatchId }, event)
      yield* signals.notify("questions")
      return id
    },
    sql.withTransaction,
    Effect.orDie
  )

  // A question that was never commented on the issue needs no closing comment.
  const close = Effect.fnUntraced(
    function* (where: Statement.Fragment, event: TimelineEvent, answer: Answered | null = null) {
      const now = date(yield* DateTime.now)
      const answered =
        answer === null
          ? sql`answer_text = null`
          : sql`answer_text = ${answer.text}, answer_by = ${answer.by}, answer_via = ${answer.via}, answered_at = ${date(answer.at)}`
      const closed =
        yield* sql`update questions set closed_at = ${now}, attempts = 0, next_at = ${now}, ${answered},
          closing_commented_at = case when comment_begun_at is null or ${answer?.via === "comment"} then ${now}::timestamptz end
        where closed_at is null and ${where} returning id`.pipe(Effect.flatMap(decodeIds))
      const rows = yield* select(sql`q.id = any(${closed.map(({ id }) => id)}::uuid[])`)
      for (const row of rows) {
        yield* transitions.updateWaiting(row.dispatchId)
        yield* note(row, event)
      }
      if (rows.length > 0) yield* signals.notify("questions")
      return rows
    },
    sql.withTransaction,
    Effect.orDie
  )

  const answer = Effect.fn("Questions.answer")(function* (id: string, given: Answered, event: TimelineEvent) {
    const rows = yield* close(
      sql`id = ${id} and expires_at >= ${date(given.at)} and exists (
        select from dispatches d where d.id = dispatch_id and d.outcome is null)`,
      event,
      given
    )
    return rows[0] ?? null
  })

  const expire = Effect.fn("Questions.expire")((id: string, event: TimelineEvent) =>
    close(sql`id = ${id}`, event)
  )

  const closeEnded = Effect.fn("Questions.closeEnded")((event: TimelineEvent) =>
    close(sql`exists (select from dispatches d where d.id = dispatch_id and d.outcome is not null)`, event)
  )

  const dueComments = Effect.fn("Questions.dueComments")(function* () {
    const now = date(yield* DateTime.now)
    return yield* select(sql`q.next_at <= ${now} and
      ((q.closed_at is null and q.commented_at is null) or (q.closed_at is not null and q.closing_commented_at is null))
      order by q.next_at limit ${maxDueComments}`)
  }, Effect.orDie)

  const beginComment = Effect.fn("Questions.beginComment")(function* (
    row: QuestionRow,
    retryAt: DateTime.Utc
  ) {
    const now = date(yield* DateTime.now)
    const begun = yield* sql`update questions set attempts = attempts + 1, next_at = ${date(retryAt)},
        comment_begun_at = coalesce(comment_begun_at, ${now})
      where id = ${row.id} and attempts = ${row.attempts} and closed_at is not distinct from ${
        row.closedAt === null ? null : date(row.closedAt)
      } returning id`
    return begun.length > 0
  }, Effect.orDie)

  const markCommented = Effect.fn("Questions.markCommented")(function* (row: QuestionRow) {
    const now = date(yield* DateTime.now)
    yield* row.closedAt === null
      ? sql`update questions set commented_at = coalesce(commented_at, ${now}) where id = ${row.id}`
      : sql`update questions set closing_commented_at = coalesce(closing_commented_at, ${now}) where id = ${row.id}`
  }, Effect.orDie)

  const closedOf = Effect.fn("Questions.closedOf")(
    (ids: ReadonlyArray<string>) =>
      sql`select id from questions where id = any(${ids}::uuid[]) and closed_at is not null`.pipe(
        Effect.flatMap(decodeIds),
        Effect.map((rows) => rows.map(({ id }) => id))
      ),
    Effect.orDie
  )

  return {
    find,
    list,
    open,
    count,
    findSame,
    acknowledge,
    add,
    answer,
    expire,
    closeEnded,
    dueComments,
    beginComment,
    markCommented,
    closedOf
  }
})

/** Questions of runs with their answers and comments. Every change signals `questions`. */
export class QuestionsRepo extends Context.Service<QuestionsRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/questions/QuestionsRepo"
) {
  static readonly layer = Layer.effect(QuestionsRepo, make).pipe(
    Layer.provide([TimelineRepo.layer, TransitionsRepo.layer])
  )
}

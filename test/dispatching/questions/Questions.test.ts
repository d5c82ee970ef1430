import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import type { Dispatch } from "../../../src/domain/Dispatch.ts"
import type { SessionMode } from "../../../src/domain/Modes.ts"
import { Questions } from "../../../src/dispatching/questions/Questions.ts"
import { turn } from "../../../src/dispatching/questions/questionLoop.ts"
import { Runner } from "../../../src/dispatching/callbacks/Runner.ts"
import { type EngineOptions, operator, repository, start } from "../../support/engine.ts"
import { Question } from "../../../src/domain/Question.ts"
import { eventually } from "../../support/eventually.ts"
import { jobToken, publicUrl, runIdOf } from "../../support/job.ts"

const begin = Effect.fnUntraced(function* (sessionMode: SessionMode, options: EngineOptions = {}) {
  const engine = yield* start({
    env: { PUBLIC_URL: publicUrl },
    ...options,
    mapping: { ...repository, planningEnabled: false, sessionMode, ...options.mapping }
  })
  const runner = Context.get(engine.services, Runner)
  const questions = Context.get(engine.services, Questions)
  const token = (dispatch: Dispatch) => jobToken(engine.github, runIdOf(dispatch))

  const claimed = Effect.gen(function* () {
    const dispatch = yield* engine.dispatched(engine.issue())
    const { questionsToken } = yield* Effect.flatMap(token(dispatch), (token) =>
      runner.claim(token, dispatch.id)
    )
    return { dispatch, identifier: dispatch.issueIdentifier, questionsToken }
  })
  type Claimed = Effect.Success<typeof claimed>

  const ask = (
    { dispatch, questionsToken }: Claimed,
    text = "Which logo?",
    options: ReadonlyArray<string> = []
  ) => runner.ask(questionsToken, { dispatchId: dispatch.id, text, options })

  const look = ({ questionsToken }: Claimed, id: string, seconds = 0) =>
    runner.question(questionsToken, id, seconds, Effect.never)

  const thread = (identifier: string) => engine.linear.issueByIdentifier(identifier)?.comments ?? []

  /** The issue's comments once there are `count`. */
  const commented = (identifier: string, count: number) =>
    eventually(
      `the comments of ${identifier}`,
      Effect.sync(() => thread(identifier)),
      ({ length }) => length >= count
    )

  const asked = Effect.gen(function* () {
    const run = yield* claimed
    const { id } = yield* ask(run)
    const [comment] = yield* commented(run.identifier, 1)
    yield* eventually(
      "the comment is known",
      engine.sql`select 1 from questions where id = ${id} and commented_at is not null`,
      (rows) => rows.length > 0
    )
    const reply = (body: string, by: { readonly user?: string; readonly bot?: string } = {}) =>
      engine.linear.comment({
        issue: run.identifier,
        body,
        ...(comment !== undefined && { parentId: comment.id }),
        ...by
      })
    return { ...run, run, id, comment, reply }
  })

  const dispatchOf = (identifier: string) =>
    Effect.map(engine.attempts(identifier), ([latest]) => latest as Dispatch)

  const becomes = (run: Claimed, id: string, state: string) =>
    eventually(`the question is ${state}`, look(run, id, 1), (seen) => seen.state === state)

  return { ...engine, runner, questions, claimed, ask, asked, look, commented, thread, dispatchOf, becomes }
})

const refusal = <A, E extends { readonly _tag: string; readonly message: string }, R>(
  call: Effect.Effect<A, E, R>
) =>
  Effect.map(Effect.result(call), (result) =>
    Result.isSuccess(result) ? assert.fail("It was let through.") : result.failure
  )

/** The Linear user of the API key. */
const keyOwner = "7f0c3c0e-6f0b-4f0e-9a53-6f3f9f1c0a01"

describe("a question", () => {
  it.live(
    "is commented on the issue and answered in the admin, and a waiting run gets the answer at once",
    () =>
      Effect.gen(function* () {
        const { asked, becomes, dispatchOf, events, look, questions, sql, commented } = yield* begin("hybrid")
        const { comment, dispatch, id, identifier, run } = yield* asked
        assert.include(comment?.body, "> Which logo?")
        assert.include(comment?.body, `${publicUrl}/admin/dispatches/${dispatch.id}`)
        assert.strictEqual((yield* dispatchOf(identifier)).waitingFor, "answer")
        assert.strictEqual((yield* look(run, id)).state, "open")
        const waiting = yield* Effect.forkChild(look(run, id, 30))
        const answered = yield* questions.answer(id, "The old one.", operator)
        assert.deepInclude(answered.answer, { text: "The old one.", by: "Olga", via: "api" })
        assert.deepInclude(yield* Fiber.join(waiting).pipe(Effect.timeout("10 seconds")), {
          state: "answered",
          answer: "The old one."
        })
        const [, last] = yield* commented(identifier, 2)
        assert.deepInclude(last, {
          body: "Olga answered in the admin:\n\n> The old one.",
          parentId: comment?.id ?? null
        })
        assert.isNull((yield* dispatchOf(identifier)).waitingFor)
        const second = yield* refusal(questions.answer(id, "The new one.", operator))
        assert.deepStrictEqual(
          [second._tag, /Olga has already answered/.test(second.message)],
          ["QuestionClosed", true]
        )
        yield* becomes(run, id, "answered")
        assert.includeMembers(yield* events(dispatch.id), ["question_asked", "question_answered"])
        const audit =
          yield* sql`select actor_name, action, subject from audit where action = 'question.answer'`
        assert.deepStrictEqual(audit, [{ actorName: "Olga", action: "question.answer", subject: id }])
        const listed = yield* questions.list
        assert.deepStrictEqual(listed, [answered])
        for (const one of [...listed, answered]) {
          assert.hasAllKeys(one, Object.keys(Question.fields))
          assert.strictEqual(one.id, id)
        }
      })
  )

  it.live(
    "is answered by the first person who replies in its thread, and a waiting run gets the answer at once",
    () =>
      Effect.gen(function* () {
        const { asked, linear, look, pass, questions, thread } = yield* begin("hybrid")
        const { id, identifier, reply, run } = yield* asked
        linear.comment({ issue: identifier, body: "Beside the thread." })
        reply("From a bot.", { bot: "Relay" })
        yield* pass
        assert.strictEqual((yield* look(run, id)).state, "open")
        reply("The old one.")
        reply("The new one.")
        const waiting = yield* Effect.forkChild(look(run, id, 30))
        yield* pass
        assert.strictEqual(
          (yield* Fiber.join(waiting).pipe(Effect.timeout("10 seconds"))).answer,
          "The old one."
        )
        const before = thread(identifier).length
        yield* pass
        assert.lengthOf(thread(identifier), before)
        const [question] = yield* questions.list
        assert.deepInclude(question?.answer, { by: "Person", via: "comment" })
      })
  )

  it.live("is answered by the owner of the API key, in a workspace of one person too", () =>
    Effect.gen(function* () {
      const { asked, look, pass, questions } = yield* begin("hybrid")
      const { id, reply, run } = yield* asked
      reply("The old one.", { user: keyOwner })
      yield* pass
      assert.strictEqual((yield* look(run, id)).answer, "The old one.")
      const [question] = yield* questions.list
      assert.deepInclude(question?.answer, { by: "AI-Implement", via: "comment" })
    })
  )

  it.live("gives a run what the owner of the API key wrote on the issue, and none of our own comments", () =>
    Effect.gen(function* () {
      const { dispatched, finish, issue, linear, runner, settled, candidates, github } =
        yield* begin("hybrid")
      const identifier = issue()
      yield* finish(yield* dispatched(identifier), "failure")
      yield* settled(identifier)
      linear.comment({ issue: identifier, body: "Blue, please.", user: keyOwner })
      linear.comment({ issue: identifier, body: "And round." })
      yield* candidates.removeFromDedup(identifier, operator)
      const again = yield* dispatched(identifier)
      const { comments } = yield* runner.claim(yield* jobToken(github, runIdOf(again)), again.id)
      assert.deepStrictEqual(
        comments.map(({ author, text }) => [author, text]),
        [
          ["AI-Implement", "Blue, please."],
          ["Person", "And round."]
        ]
      )
    })
  )

  it.live("costs a pass one request for all open questions, and none without any", () =>
    Effect.gen(function* () {
      const { ask, claimed, linear, pass, questions, sql } = yield* begin("hybrid")
      const [one, other] = [yield* claimed, yield* claimed]
      yield* ask(one, "First?")
      yield* ask(other, "Second?")
      yield* ask(other, "Third?")
      yield* eventually(
        "each comment is known",
        sql`select 1 from questions where commented_at is not null`,
        ({ length }) => length === 3
      )
      const reads = () => linear.calls().filter(({ operation }) => operation?.includes("comments")).length
      linear.resetCalls()
      yield* pass
      assert.strictEqual(reads(), 1)
      for (const { id } of yield* questions.list) yield* questions.answer(id, "Yes.", operator)
      linear.resetCalls()
      yield* pass
      assert.strictEqual(reads(), 0)
    })
  )

  it.live("closes unanswered, and a hybrid run continues", () =>
    Effect.gen(function* () {
      const { asked, becomes, dispatchOf, sql, commented } = yield* begin("hybrid")
      const { id, identifier, run } = yield* asked
      yield* sql`update questions set expires_at = now() where id = ${id}`
      assert.isNull((yield* becomes(run, id, "unanswered")).answer)
      const [, last] = yield* commented(identifier, 2)
      assert.include(last?.body, "the agent continues on its own judgement")
      const { status, waitingFor } = yield* dispatchOf(identifier)
      assert.deepStrictEqual([status, waitingFor], ["running", null])
    })
  )

  it.live("closes unanswered, and an interactive run ends", () =>
    Effect.gen(function* () {
      const { asked, comments, settled, sql } = yield* begin("interactive")
      const { id, identifier } = yield* asked
      yield* sql`update questions set expires_at = now() where id = ${id}`
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.outcome?.reason], ["failed", "question_unanswered"])
      for (const said of [
        "No one answered in time: the run is stopped.",
        "no one answered its question in time"
      ]) {
        yield* eventually(
          `the comment: ${said}`,
          Effect.sync(() => comments(identifier).join("\n")),
          (all) => all.includes(said)
        )
      }
    })
  )

  it.live("is answered by a reply written in time and read later", () =>
    Effect.gen(function* () {
      const { asked, becomes, sql } = yield* begin("interactive")
      const { id, reply, run } = yield* asked
      reply("In time.")
      yield* sql`update questions set expires_at = now() where id = ${id}`
      assert.strictEqual((yield* becomes(run, id, "answered")).answer, "In time.")
    })
  )

  it.live("stays open for a while after it expires when its thread cannot be read", () =>
    Effect.gen(function* () {
      const { asked, becomes, linear, look, sql } = yield* begin("hybrid", {
        policy: { questions: { unreadThreadAfter: Duration.minutes(10) } }
      })
      const { id, run } = yield* asked
      linear.failNext({
        match: "comments",
        times: Infinity,
        action: { _tag: "status", status: 500, body: {} }
      })
      yield* sql`update questions set expires_at = now() where id = ${id}`
      yield* eventually(
        "reads of its thread failed",
        Effect.sync(() => linear.calls().filter(({ status }) => status === 500).length),
        (failed) => failed >= 3
      )
      assert.strictEqual((yield* look(run, id)).state, "open")
      yield* sql`update questions set expires_at = now() - interval '11 minutes' where id = ${id}`
      yield* becomes(run, id, "unanswered")
    })
  )

  it.live("closes with its dispatch, and its thread says so", () =>
    Effect.gen(function* () {
      const { asked, becomes, deliver, settled, commented } = yield* begin("hybrid")
      const { dispatch, id, identifier, run } = yield* asked
      yield* deliver(dispatch)
      yield* settled(identifier)
      yield* becomes(run, id, "unanswered")
      const comments = yield* commented(identifier, 3)
      assert.isTrue(
        comments.some(({ body, parentId }) => /The run has ended/.test(body) && parentId !== null)
      )
    })
  )

  it.live("cannot be answered after its dispatch has ended", () =>
    Effect.gen(function* () {
      const { asked, finish, questions, settled } = yield* begin("hybrid", {
        policy: { questions: { interval: Duration.minutes(10) } }
      })
      const { dispatch, id, identifier } = yield* asked
      yield* finish(dispatch, "failure")
      yield* settled(identifier)
      const late = yield* refusal(questions.answer(id, "Too late.", operator))
      assert.strictEqual(late._tag, "QuestionClosed")
    })
  )

  it.live("is asked once for the same text until the run has read its answer", () =>
    Effect.gen(function* () {
      const { ask, claimed, look, questions } = yield* begin("hybrid")
      const run = yield* claimed
      const ids = yield* Effect.all([ask(run), ask(run), ask(run)], { concurrency: 3 })
      assert.lengthOf(new Set(ids.map(({ id }) => id)), 1)
      for (const each of ids) assert.sameMembers(Object.keys(each), ["id", "expiresAt"])
      const first = ids[0]?.id ?? ""
      yield* questions.answer(first, "Yes.", operator)
      assert.strictEqual((yield* ask(run)).id, first)
      assert.strictEqual((yield* look(run, first)).answer, "Yes.")
      assert.notStrictEqual((yield* ask(run)).id, first)
    })
  )

  it.live("is refused before the claim and with the token of another dispatch", () =>
    Effect.gen(function* () {
      const { claimed, runner, dispatched, issue, github, ask } = yield* begin("hybrid")
      const one = yield* claimed
      const { id } = yield* ask(one)
      const other = yield* claimed
      const foreign = yield* refusal(
        runner.ask(other.questionsToken, { dispatchId: one.dispatch.id, text: "?" })
      )
      const peek = yield* refusal(runner.question(other.questionsToken, id, 0, Effect.never))
      assert.deepStrictEqual([foreign._tag, peek._tag], ["InvalidToken", "InvalidToken"])
      const unclaimed = yield* dispatched(issue())
      const job = yield* jobToken(github, runIdOf(unclaimed))
      const early = yield* refusal(runner.ask(job, { dispatchId: unclaimed.id, text: "?" }))
      assert.match(early.message, /not claimed/)
      const absent = yield* refusal(
        runner.question(one.questionsToken, "01890000-0000-7000-8000-000000000001", 0, Effect.never)
      )
      assert.strictEqual(absent._tag, "QuestionNotFound")
    })
  )

  it.live("is commented once, when Linear accepts it after failures", () =>
    Effect.gen(function* () {
      const { ask, claimed, linear, services, sql, thread, commented } = yield* begin("hybrid")
      const run = yield* claimed
      linear.failNext({ match: "commentCreate", times: 2, action: { _tag: "resetAfter" } })
      yield* ask(run)
      yield* commented(run.identifier, 1)
      yield* eventually(
        "the comment is known",
        sql`select attempts from questions where commented_at is not null`,
        (rows) => rows.length > 0
      )
      yield* turn().pipe(Effect.provide(services))
      assert.lengthOf(thread(run.identifier), 1)
      assert.isAbove(linear.calls().filter(({ operation }) => operation?.includes("commentCreate")).length, 1)
    })
  )
})

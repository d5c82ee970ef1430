import { assert } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { QuestionsRepo } from "../../../../src/dispatching/questions/QuestionsRepo.ts"
import { type Contract, idOf, outcome, readRow, running, question, entry, answer } from "./fixtures.ts"

export const questions: Contract = {
  "the first answer in time closes a question": Effect.gen(function* () {
    yield* running
    const questions = yield* QuestionsRepo
    const id = yield* questions.add(question, entry)
    assert.strictEqual((yield* readRow(1))?.waitingFor, "answer")
    assert.deepStrictEqual(yield* questions.count(idOf(1)), { open: 1, total: 1 })
    const tooLate = DateTime.add(question.expiresAt, { minutes: 1 })
    assert.isNull(yield* questions.answer(id, answer("late", tooLate), entry))
    assert.strictEqual((yield* questions.answer(id, answer("blue"), entry))?.answer?.text, "blue")
    assert.isNull(yield* questions.answer(id, answer("red"), entry))
    assert.lengthOf(yield* questions.expire(id, entry), 0)
    assert.strictEqual((yield* questions.find(id))?.answer?.text, "blue")
    assert.isNull((yield* readRow(1))?.waitingFor ?? null)
    assert.deepStrictEqual(yield* questions.closedOf([id]), [id])
    assert.strictEqual((yield* questions.findSame(idOf(1), question.text))?.id, id)
    yield* questions.acknowledge(id)
    assert.isNull(yield* questions.findSame(idOf(1), question.text))
  }),

  "a question closes with its dispatch, and then takes no answer": Effect.gen(function* () {
    const transitions = yield* running
    const questions = yield* QuestionsRepo
    const id = yield* questions.add(question, entry)
    assert.lengthOf(yield* questions.closeEnded(entry), 0)
    yield* transitions.end(idOf(1), outcome("lost"))
    assert.isNull(yield* questions.answer(id, answer("blue"), entry))
    assert.lengthOf(yield* questions.closeEnded(entry), 1)
    assert.lengthOf(yield* questions.open, 0)
  }),

  "a comment of a question is begun once for each attempt": Effect.gen(function* () {
    yield* running
    const questions = yield* QuestionsRepo
    const id = yield* questions.add(question, entry)
    const [row] = yield* questions.dueComments()
    if (row === undefined) return assert.fail("one is due")
    const retryAt = DateTime.makeUnsafe("2020-01-01T00:00:00Z")
    assert.isTrue(yield* questions.beginComment(row, retryAt))
    assert.isFalse(yield* questions.beginComment(row, retryAt))
    assert.lengthOf(yield* questions.dueComments(), 1)
    yield* questions.markCommented(row)
    assert.lengthOf(yield* questions.dueComments(), 0)
    yield* questions.expire(id, entry)
    assert.deepStrictEqual(
      (yield* questions.dueComments()).map(({ id }) => id),
      [id]
    )
    assert.isFalse(yield* questions.beginComment(row, retryAt))
  })
}

import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Struct from "effect/Struct"
import { DispatchesRepo } from "../../../src/dispatching/dispatches/DispatchesRepo.ts"
import { PullRequestsRepo } from "../../../src/dispatching/dispatches/PullRequestsRepo.ts"
import { maxLogLines, RunLogRepo } from "../../../src/dispatching/dispatches/RunLogRepo.ts"
import { RunnerCredentialsRepo } from "../../../src/dispatching/dispatches/RunnerCredentialsRepo.ts"
import { SettlementsRepo } from "../../../src/dispatching/dispatches/SettlementsRepo.ts"
import * as event from "../../../src/dispatching/dispatches/timelineEvents.ts"
import { Dispatch } from "../../../src/domain/Dispatch.ts"
import type { DispatchId, IssueId } from "../../../src/domain/Ids.ts"
import { Memory, sqlOnly } from "./Memory.ts"
import type { Transaction } from "./Store.ts"
import * as t from "./tables.ts"
import { note, timeline, padded } from "./timeline.ts"
import { transitions } from "./transitions.ts"

const { pullRequest: _, pending: __, ...own } = Dispatch.fields
const ownFields = Struct.keys(own)

const log = Layer.effect(
  DispatchesRepo,
  Effect.gen(function* () {
    const { run } = yield* Memory
    const shown = (tx: Transaction, row: t.StoredDispatch): Dispatch => {
      const [pullRequest = null] = tx
        .all(t.pullRequests)
        .filter(({ dispatchId }) => dispatchId === row.id)
        .toSorted((a, b) => b.number - a.number)
        .map(({ draft, number, state, url }) => ({ number, url, state, draft }))
      const pending = tx
        .all(t.steps)
        .filter(
          ({ dispatchId, state }) => dispatchId === row.id && state === "pending" && row.settledAt === null
        )
        .map(({ attempts, effect, lastError, nextAt }) => ({ effect, attempts, nextAt, lastError }))
      return { ...Struct.pick(row, ownFields), pullRequest, pending }
    }
    return DispatchesRepo.of({
      log: sqlOnly,
      events: sqlOnly,
      lines: sqlOnly,
      find: (id) =>
        run((tx) => {
          const row = tx.get(t.dispatches, id)
          return row === null ? null : shown(tx, row)
        }),
      isLatest: (id, issueId) =>
        run((tx) => !tx.all(t.dispatches).some((row) => row.issueId === issueId && row.id > id))
    })
  })
)

const runLog = Layer.effect(
  RunLogRepo,
  Effect.gen(function* () {
    const { run, store } = yield* Memory
    const linesOf = (tx: Transaction, id: DispatchId) =>
      tx.all(t.logLines).filter(({ dispatchId }) => dispatchId === id)
    return RunLogRepo.of({
      append: (dispatchId, lines) =>
        lines.length === 0
          ? Effect.void
          : run((tx) => {
              for (const text of lines.slice(-maxLogLines)) {
                const id = store.next()
                tx.put(t.logLines, padded(id), { id, dispatchId, text })
              }
              for (const { id } of linesOf(tx, dispatchId).slice(0, -maxLogLines))
                tx.remove(t.logLines, padded(id))
            }),
      last: (dispatchId, count) =>
        run((tx) =>
          linesOf(tx, dispatchId)
            .slice(-count)
            .map(({ text }) => text)
        )
    })
  })
)

const credentials = Layer.effect(
  RunnerCredentialsRepo,
  Effect.gen(function* () {
    const { run } = yield* Memory
    const random = yield* SecureRandom.SecureRandom
    return RunnerCredentialsRepo.of({
      issue: Effect.fnUntraced(function* (dispatchId, purpose) {
        const token = yield* random.uuidV4()
        yield* run((tx) => {
          for (const each of tx.all(t.credentials)) {
            if (purpose === "questions" && each.purpose === purpose && each.dispatchId === dispatchId) {
              tx.remove(t.credentials, each.token)
            }
          }
          tx.put(t.credentials, token, { token, dispatchId, purpose })
        })
        return Redacted.make(token)
      }),
      revoke: (token) => run((tx) => void tx.remove(t.credentials, Redacted.value(token))),
      holder: (token) =>
        run((tx) => {
          const found = tx.get(t.credentials, token)
          return found === null ? null : { dispatchId: found.dispatchId, purpose: found.purpose, hash: token }
        }),
      useOnce: (jti) =>
        run((tx) => {
          tx.lock(t.usedTokens, jti)
          if (tx.get(t.usedTokens, jti) !== null) return false
          tx.put(t.usedTokens, jti, { jti })
          return true
        })
    })
  })
)

const pullRequests = Layer.effect(
  PullRequestsRepo,
  Effect.gen(function* () {
    const { run, store } = yield* Memory
    const keyOf = (owner: string, repo: string, number: number) => `${owner}/${repo}/${number}`
    return PullRequestsRepo.of({
      open: run((tx) =>
        tx
          .all(t.pullRequests)
          .filter(({ state }) => state === "open")
          .map(({ number, owner, repo }) => ({ owner, repo, number }))
      ),
      upsert: ({ id, issueId, owner, repo }, { branch, draft, number, state, url }) =>
        run((tx) => {
          const key = keyOf(owner, repo, number)
          tx.lock(t.pullRequests, key)
          const before = tx.get(t.pullRequests, key)
          const added = { owner, repo, number, url, branch }
          tx.put(t.pullRequests, key, { ...(before ?? added), state, draft, dispatchId: id, issueId })
        }),
      update: ({ owner, repo }, now) =>
        run((tx, at) => {
          let ended = false
          for (const { draft, number, state } of now) {
            const seen = tx.update(t.pullRequests, keyOf(owner, repo, number), (row) =>
              row.state === "open" ? { ...row, state, draft } : null
            )
            if (seen === null || seen.state === "open") continue
            ended = true
            note(store, tx, seen.dispatchId, at, {
              ...event.pullRequestEnded({ number, state }),
              facts: { number, url: seen.url }
            })
          }
          return ended
        }),
      reopened: ({ number, owner, repo }) =>
        run((tx, at) => {
          const seen = tx.update(
            t.pullRequests,
            keyOf(owner, repo, number),
            (row): t.StoredPullRequest | null => (row.state === "open" ? null : { ...row, state: "open" })
          )
          if (seen === null) return
          note(store, tx, seen.dispatchId, at, {
            ...event.pullRequestReopened(number),
            facts: { number, url: seen.url }
          })
        })
    })
  })
)

const settlements = Layer.effect(
  SettlementsRepo,
  Effect.gen(function* () {
    const { run, store } = yield* Memory
    const random = yield* SecureRandom.SecureRandom
    const keyOf = (row: { readonly dispatchId: string; readonly effect: string }) =>
      `${row.dispatchId}/${row.effect}`
    const commentIds = (tx: Transaction, issueId: IssueId | string) => [
      ...tx
        .all(t.steps)
        .filter(
          ({ body, dispatchId }) =>
            body.text !== undefined && tx.get(t.dispatches, dispatchId)?.issueId === issueId
        )
        .map(({ key }) => key),
      ...tx
        .all(t.questions)
        .filter((question) => question.issueId === issueId)
        .flatMap(({ closingCommentId, commentId }) => [commentId, closingCommentId])
    ]
    const end = (
      row: Parameters<SettlementsRepo["Service"]["effectDone"]>[0],
      set: Partial<t.StoredStep>,
      entry: event.TimelineEvent
    ) =>
      run((tx, now) => {
        const changed = tx.update(t.steps, keyOf(row), (step) =>
          step.state === "pending" ? { ...step, ...set, attempts: step.attempts + 1 } : null
        )
        if (changed !== null) note(store, tx, row.dispatchId, now, entry)
        return changed !== null
      })
    return SettlementsRepo.of({
      commentIds: (issueId) => run((tx) => commentIds(tx, issueId)),
      add: Effect.fnUntraced(function* (dispatchId, effects) {
        const keys = yield* Effect.forEach(effects, () => random.uuidV4())
        yield* run((tx, now) =>
          effects.forEach(({ effect, ...body }, index) => {
            const key = keyOf({ dispatchId, effect })
            if (tx.get(t.steps, key) !== null) throw new Error(`duplicate key ${key}`)
            tx.put(t.steps, key, {
              dispatchId,
              effect,
              key: keys[index] ?? "",
              body,
              attempts: 0,
              refusals: 0,
              nextAt: now,
              createdAt: now,
              state: "pending",
              lastError: null
            })
          })
        )
      }),
      pendingEffects: (id) =>
        run((tx) =>
          tx
            .all(t.steps)
            .filter(({ dispatchId, state }) => dispatchId === id && state === "pending")
            .toSorted((a, b) => (a.effect < b.effect ? 1 : -1))
        ),
      effectDone: (row, message) =>
        Effect.asVoid(end(row, { state: "done", lastError: null }, event.stepDone(row.effect, message))),
      effectFailed: (row, error, nextAt, refused) =>
        run((tx) => {
          tx.update(t.steps, keyOf(row), (step) =>
            step.state === "pending"
              ? {
                  ...step,
                  attempts: step.attempts + 1,
                  refusals: step.refusals + (refused ? 1 : 0),
                  lastError: error,
                  nextAt
                }
              : null
          )
        }),
      effectGivenUp: (row, error) =>
        end(row, { state: "given_up", lastError: error }, event.stepGivenUp(row.effect, error))
    })
  })
)

export const layer = Layer.mergeAll(
  timeline,
  transitions,
  log,
  runLog,
  credentials,
  pullRequests,
  settlements
)

import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SecureRandom from "effect/crypto/SecureRandom"
import { recentPasses } from "../../../src/dispatching/poller/passesFail.ts"
import { PassesRepo } from "../../../src/dispatching/poller/PassesRepo.ts"
import { OutboxRepo } from "../../../src/messaging/Notifications/OutboxRepo.ts"
import { Signals } from "../../../src/platform/Signals.ts"
import { Memory } from "./Memory.ts"
import type { Transaction } from "./Store.ts"
import * as t from "./tables.ts"

const started = (tx: Transaction) =>
  tx
    .all(t.passes)
    .flatMap((pass) => (pass.startedAt === null ? [] : [{ ...pass, startedAt: pass.startedAt }]))
    .toSorted((a, b) => DateTime.Order(b.startedAt, a.startedAt))

const instanceOf = (tx: Transaction) => tx.get(t.instance, t.instanceKey) ?? t.noInstance

const passes = Layer.effect(
  PassesRepo,
  Effect.gen(function* () {
    const { run } = yield* Memory
    const random = yield* SecureRandom.SecureRandom
    return PassesRepo.of({
      request: (id, by) =>
        run((tx) => {
          tx.lock(t.passes, "requested")
          const waiting = tx.all(t.passes).find(({ startedAt }) => startedAt === null)
          if (waiting !== undefined) return waiting.id
          tx.put(t.passes, id, {
            id,
            requestedBy: by,
            startedAt: null,
            finishedAt: null,
            ok: null,
            candidates: 0,
            dispatched: 0,
            error: null
          })
          return id
        }),
      last: run((tx) => started(tx)[0] ?? null),
      recent: run((tx) => started(tx).slice(0, recentPasses)),
      lastGoodAt: run((tx) => started(tx).find(({ ok }) => ok === true)?.finishedAt ?? null),
      poller: run((tx) => {
        const { pollerHolder, pollerNextAt } = instanceOf(tx)
        return { holder: pollerHolder, nextAt: pollerNextAt }
      }),
      raiseEpoch: (holder) =>
        run((tx) => {
          tx.lock(t.instance, t.instanceKey)
          const before = instanceOf(tx)
          const pollerEpoch = before.pollerEpoch + 1
          tx.put(t.instance, t.instanceKey, { ...before, pollerEpoch, pollerHolder: holder })
          return pollerEpoch
        }),
      holds: (epoch) => run((tx) => instanceOf(tx).pollerEpoch === epoch),
      begin: Effect.fnUntraced(function* () {
        const id = yield* random.uuidV7()
        return yield* run((tx, now) => {
          const waiting = tx.all(t.passes).find(({ startedAt }) => startedAt === null)
          const pass = waiting ?? {
            id,
            requestedBy: null,
            finishedAt: null,
            ok: null,
            candidates: 0,
            dispatched: 0,
            error: null
          }
          tx.put(t.passes, pass.id, { ...pass, startedAt: now })
          return pass.id
        })
      }),
      finish: (id, { candidates, dispatched, error }) =>
        run((tx, now) => {
          tx.update(t.passes, id, (pass) => ({
            ...pass,
            finishedAt: now,
            ok: error === null,
            candidates,
            dispatched,
            error
          }))
          for (const { id, startedAt } of started(tx)) {
            if (DateTime.isLessThan(startedAt, DateTime.subtract(now, { days: 2 }))) tx.remove(t.passes, id)
          }
        }),
      nextAt: (at) =>
        run((tx) => {
          tx.lock(t.instance, t.instanceKey)
          tx.put(t.instance, t.instanceKey, { ...instanceOf(tx), pollerNextAt: at })
        })
    })
  })
)

const outbox = Layer.effect(
  OutboxRepo,
  Effect.gen(function* () {
    const { run } = yield* Memory
    const random = yield* SecureRandom.SecureRandom
    const signals = yield* Signals
    return OutboxRepo.of({
      add: Effect.fnUntraced(function* (key, notice) {
        const id = yield* random.uuidV7()
        yield* run((tx, now) => {
          tx.lock(t.notifications, key)
          if (tx.get(t.notifications, key) !== null) return
          const due = { attempts: 0, nextAt: now, createdAt: now }
          tx.put(t.notifications, key, { id, key, body: notice, state: "pending", ...due })
        })
        yield* signals.notify("notifications")
      }),
      take: () => Effect.succeed(null),
      sent: () => Effect.void,
      failed: () => Effect.void,
      giveUp: () => Effect.void
    })
  })
)

export const layer = Layer.merge(passes, outbox)

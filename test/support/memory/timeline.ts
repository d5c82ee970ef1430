import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as event from "../../../src/dispatching/dispatches/timelineEvents.ts"
import { TimelineRepo } from "../../../src/dispatching/dispatches/TimelineRepo.ts"
import type { DispatchId } from "../../../src/domain/Ids.ts"
import { Memory, sqlOnly } from "./Memory.ts"
import type { Store, Transaction } from "./Store.ts"
import * as t from "./tables.ts"

export const padded = (id: number) => String(id).padStart(12, "0")

/** Adds an entry to the timeline of a dispatch. */
export const note = (
  store: Store,
  tx: Transaction,
  dispatchId: DispatchId,
  at: DateTime.Utc,
  entry: event.TimelineEvent
) => {
  const id = store.next()
  tx.put(t.events, padded(id), { id, dispatchId, at, ...entry })
}

export const eventsOf = (tx: Transaction, id: DispatchId) =>
  tx.all(t.events).filter(({ dispatchId }) => dispatchId === id)

/** What `updateWaiting` stores. */
export const updateWaiting = (tx: Transaction, id: DispatchId) =>
  tx.update(t.dispatches, id, (row): t.StoredDispatch | null =>
    row.outcome !== null
      ? null
      : {
          ...row,
          waitingFor: tx.all(t.questions).some((q) => q.dispatchId === id && q.closedAt === null)
            ? "answer"
            : null
        }
  )

export const timeline = Layer.effect(
  TimelineRepo,
  Effect.gen(function* () {
    const { run, store } = yield* Memory
    return TimelineRepo.of({
      insert: sqlOnly,
      recordChange: sqlOnly,
      add: (id, entry) => run((tx, now) => note(store, tx, id, now, entry)),
      addOnce: (id, entry) =>
        run((tx, now) => {
          const same = eventsOf(tx, id).some(
            ({ message, type }) => type === entry.type && message === entry.message
          )
          if (!same) note(store, tx, id, now, entry)
        }),
      addStep: (id, step) =>
        run((tx, now) => {
          const before = eventsOf(tx, id).filter(({ type }) => type === "step")
          if (before.length < 100 && before.at(-1)?.message !== step) {
            note(store, tx, id, now, { type: "step", message: step })
          }
        })
    })
  })
)

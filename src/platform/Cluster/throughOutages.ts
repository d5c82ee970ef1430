import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { PersistenceError } from "effect/cluster/ClusterError"
import * as MessageStorage from "effect/cluster/MessageStorage"
import * as SqlError from "effect/sql/SqlError"
import { isOutage } from "../Sql/isOutage.ts"

const isLost = ({ cause }: PersistenceError) => SqlError.isSqlError(cause) && isOutage(cause)

export const throughOutages = (storage: MessageStorage.MessageStorage["Service"]) => {
  let lost = false
  return MessageStorage.MessageStorage.of({
    ...storage,
    // The engine drops a result after a second, and its workflow waits for it until the next start.
    saveReply: (reply) =>
      storage.saveReply(reply).pipe(
        Effect.retry({
          while: (error) => error._tag === "PersistenceError" && isLost(error),
          schedule: Schedule.spaced("1 second")
        })
      ),
    // The engine expects what was read while the database went away only after 10 minutes.
    unprocessedMessages: (shards, options) =>
      Effect.suspend(() => (lost ? storage.resetShards(shards) : Effect.void)).pipe(
        Effect.andThen(storage.unprocessedMessages(shards, options)),
        Effect.tapError(() => Effect.sync(() => (lost = true))),
        Effect.tap(() => Effect.sync(() => (lost = false)))
      )
  })
}

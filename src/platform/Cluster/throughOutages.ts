import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { PersistenceError } from "effect/cluster/ClusterError"
import * as MessageStorage from "effect/cluster/MessageStorage"
import * as SqlError from "effect/sql/SqlError"
import { isOutage } from "../Sql/isOutage.ts"

const isLost = (error: unknown): boolean => {
  if (error instanceof PersistenceError) return isLost(error.cause)
  return SqlError.isSqlError(error) && (isOutage(error) || error.reason.operation === "rollback")
}

// A transaction whose connection is lost cannot be rolled back either, which is a defect.
const hasLost = <E>(cause: Cause.Cause<E>) =>
  cause.reasons.some((reason) =>
    Cause.isFailReason(reason)
      ? isLost(reason.error)
      : Cause.isDieReason(reason)
        ? isLost(reason.defect)
        : false
  )

export const throughOutages = (storage: MessageStorage.MessageStorage["Service"]) => {
  let lost = false
  const noting = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.tapCause(effect, () => Effect.sync(() => (lost = true)))
  return MessageStorage.MessageStorage.of({
    ...storage,
    // The engine drops a result after a second, and its workflow waits for it until the next start.
    saveReply: (reply) =>
      storage
        .saveReply(reply)
        .pipe(
          Effect.sandbox,
          Effect.retry({ while: hasLost, schedule: Schedule.spaced("1 second") }),
          Effect.catch(Effect.failCause)
        ),
    // The engine expects only after 10 minutes what was read while the database went away.
    resetShards: (shards) => noting(storage.resetShards(shards)),
    unprocessedMessages: (shards, options) =>
      Effect.suspend(() => (lost ? storage.resetShards(shards) : Effect.void)).pipe(
        Effect.andThen(storage.unprocessedMessages(shards, options)),
        noting,
        Effect.tap(() => Effect.sync(() => (lost = false)))
      )
  })
}

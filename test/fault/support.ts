import { assert } from "@effect/vitest"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { dirname } from "node:path"
import { firstFreePort } from "../../src/Cluster/address.ts"
import { Database } from "../../src/Sql/Database.ts"
import type { Orders, Point } from "../support/orders.ts"
import { launch } from "../support/process.ts"
import { connection } from "../support/TestDb.ts"
import { makeWorld } from "../support/world.ts"

export class TooLate extends Data.TaggedError("TooLate")<{ readonly message: string }> {}

/** Looks until there is something to see. */
export const eventually = <A, E, R>(
  what: string,
  look: Effect.Effect<A | null, E, R>,
  within: Duration.Input = "30 seconds"
) =>
  look.pipe(
    Effect.repeat({ schedule: Schedule.spaced("20 millis"), until: (seen) => seen !== null }),
    Effect.timeoutOption(within),
    Effect.flatMap((seen) => Option.getOrNull(seen)),
  )

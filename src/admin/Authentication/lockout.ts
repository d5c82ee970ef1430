import * as Duration from "effect/Duration"
import { exponentialBackoff } from "../../domain/exponentialBackoff.ts"

// Wrong codes from one client before it has to wait.
const freeTries = 5

/** Wrong codes from everyone in an hour, beyond which only clients that signed in lately may try. */
export const hourlyBudget = 60

/** How long a client that signed in once passes the hourly budget. */
export const knownFor = Duration.days(30)

/** A client's wrong codes are forgotten after this long without another. */
export const resetAfter = Duration.days(1)

const longest = Duration.hours(1)

/** How long a client waits after its `failures`th wrong code in a row; null while it need not. */
export const lockFor = (failures: number) =>
  failures < freeTries ? null : exponentialBackoff(Duration.seconds(30), failures - freeTries, longest)

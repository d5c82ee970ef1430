import * as Duration from "effect/Duration"
import { isLoopback } from "./address.ts"
import { exponentialBackoff } from "../../domain/exponentialBackoff.ts"

// Wrong codes from one client before it has to wait.
const freeTries = 5

/** Wrong codes of all clients in an hour, beyond which only recently signed-in clients may try. */
export const hourlyBudget = 60

// Longer codes cannot be guessed: the budget would only lock operators out.
const minUnguessableLength = 20

export const hasBudget = (codeLength: number, client: string) =>
  codeLength < minUnguessableLength && !isLoopback(client)

/** How long a client is exempt from the hourly budget after a sign-in. */
export const knownFor = Duration.days(30)

/** A client's wrong codes are cleared after this long without another. */
export const resetAfter = Duration.days(1)

const maxLock = Duration.hours(1)

/** How long a client waits after its `failures`th wrong code in a row; null without a wait. */
export const lockFor = (failures: number) =>
  failures < freeTries ? null : exponentialBackoff(Duration.seconds(30), failures - freeTries, maxLock)

import * as Duration from "effect/Duration"
import * as Layer from "effect/Layer"
import { CallTimeout, LaunchTimeout, RetryDelay } from "../../src/upstreams/client/call.ts"

export interface CallTimes {
  readonly timeout?: Duration.Input
  readonly launchTimeout?: Duration.Input
}

/** Five seconds for a call unless a test says otherwise, and hardly a wait between tries. */
export const callTimes = ({ launchTimeout = "5 seconds", timeout = "5 seconds" }: CallTimes) =>
  Layer.mergeAll(
    Layer.succeed(RetryDelay, Duration.millis(20)),
    Layer.succeed(CallTimeout, Duration.fromInputUnsafe(timeout)),
    Layer.succeed(LaunchTimeout, Duration.fromInputUnsafe(launchTimeout))
  )

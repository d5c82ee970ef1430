import * as Duration from "effect/Duration"
import type { Policy } from "../../../src/dispatching/lifecycle/policy.ts"
import type { ReadinessPolicy } from "../../../src/dispatching/readiness/due.ts"

/** A life of minutes in tenths of a second. */
export const quickPolicy: Policy = {
  leaseMargin: Duration.millis(200),
  lookupGap: Duration.millis(150),
  absenceAfterLease: Duration.millis(200),
  undecidedAfter: Duration.minutes(5),
  neverStartedAfter: Duration.minutes(30),
  machineNeverStartedAfter: Duration.minutes(10),
  forceAfter: Duration.millis(300),
  notConfirmedAfter: Duration.millis(700),
  placeGoneAfter: Duration.seconds(1),
  pullRequestLooks: [Duration.zero, Duration.millis(100), Duration.millis(200)],
  retryBase: Duration.millis(50),
  retryMax: Duration.millis(400),
  giveUpAfter: Duration.days(7),
  monitorInterval: Duration.millis(100),
  machineInterval: Duration.millis(100),
  pullRequestInterval: Duration.millis(200),
  reaperInterval: Duration.minutes(1),
  questionInterval: Duration.millis(100),
  unreadThreadAfter: Duration.millis(500)
}

export const quickReadiness: ReadinessPolicy = {
  readyFor: Duration.minutes(10),
  notReadyFor: Duration.zero,
  perPass: 20,
  budget: Duration.seconds(5)
}

import * as Context from "effect/Context"
import * as Duration from "effect/Duration"

export const Policy = Context.Reference("ai-implement/Lifecycle/Policy", {
  defaultValue: () => ({
    /** The time by which the lease of a launch exceeds its request timeout. */
    leaseMargin: Duration.seconds(30),
    /** A run counts as absent after two empty look-ups with at least this between them… */
    lookupGap: Duration.seconds(30),
    /** …and the last one at least this long after the lease. */
    absenceAfterLease: Duration.minutes(2),
    /** A launch not decided by then is never sent again automatically. */
    undecidedAfter: Duration.minutes(15),
    neverStartedAfter: Duration.minutes(30),
    /** A machine that is not started by then is stopped. */
    machineNeverStartedAfter: Duration.minutes(10),
    forceAfter: Duration.minutes(2),
    notConfirmedAfter: Duration.minutes(10),
    /** A run whose app or repository is not found for so long is lost: a wrong token would look the same. */
    placeGoneAfter: Duration.minutes(5),
    /** The times after a run's end of the checks for its pull request or plan. */
    pullRequestLooks: [
      Duration.zero,
      Duration.seconds(60),
      Duration.minutes(4)
    ] as ReadonlyArray<Duration.Duration>,
    retryBase: Duration.seconds(1),
    retryMax: Duration.minutes(10),
    giveUpAfter: Duration.days(7),
    monitorInterval: Duration.seconds(15),
    machineInterval: Duration.seconds(5),
    pullRequestInterval: Duration.minutes(5),
    reaperInterval: Duration.minutes(1),
    questionInterval: Duration.seconds(5),
    /** How long an expired question stays open while its thread cannot be read. */
    unreadThreadAfter: Duration.minutes(2)
  })
})
export type Policy = (typeof Policy)["Service"]

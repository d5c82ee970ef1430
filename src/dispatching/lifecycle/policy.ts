import * as Context from "effect/Context"
import * as Duration from "effect/Duration"

export const Policy = Context.Reference("ai-implement/Lifecycle/Policy", {
  defaultValue: () => ({
    /** How much longer than its request may take the lease of a launch holds. */
    leaseMargin: Duration.seconds(30),
    /** Absence of a run counts when two empty look-ups lie this far apart… */
    lookupGap: Duration.seconds(30),
    /** …and the last one this long after the lease. */
    absenceAfterLease: Duration.minutes(2),
    /** A launch not decided by then is never sent again automatically. */
    undecidedAfter: Duration.minutes(15),
    neverStartedAfter: Duration.minutes(30),
    /** …or a machine not yet started by then is stopped. */
    machineNeverStartedAfter: Duration.minutes(10),
    forceAfter: Duration.minutes(2),
    notConfirmedAfter: Duration.minutes(10),
    /** A run whose app or repository is not found for so long is lost: a wrong token would look the same. */
    placeGoneAfter: Duration.minutes(5),
    /** When, after the run's end, its pull request or its plan is looked for. */
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
    /** How long after its time a question stays open where its thread cannot be read. */
    unreadThreadAfter: Duration.minutes(2)
  })
})
export type Policy = (typeof Policy)["Service"]

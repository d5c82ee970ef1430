import * as Duration from "effect/Duration"
import * as Layer from "effect/Layer"
import { LaunchPolicy } from "../../../src/dispatching/lifecycle/launch.ts"
import { MonitorPolicy } from "../../../src/dispatching/lifecycle/observe.ts"
import { StepRetry } from "../../../src/dispatching/lifecycle/step.ts"
import { StopPolicy } from "../../../src/dispatching/lifecycle/stopActivity.ts"
import { AbsencePolicy } from "../../../src/dispatching/poller/steps/reconcile.ts"
import { QuestionPolicy } from "../../../src/dispatching/questions/policy.ts"
import { ReadinessPolicy } from "../../../src/dispatching/readiness/due.ts"

export interface PolicyOptions {
  readonly launch?: Partial<LaunchPolicy>
  readonly monitor?: Partial<MonitorPolicy>
  readonly stop?: Partial<StopPolicy>
  readonly retry?: Partial<StepRetry>
  readonly questions?: Partial<QuestionPolicy>
  readonly readiness?: Partial<ReadinessPolicy>
  readonly minAbsence?: Duration.Duration
}

const retry: StepRetry = {
  retryBase: Duration.millis(50),
  retryMax: Duration.millis(400),
  giveUpAfter: Duration.days(7),
  refusedWait: Duration.millis(100),
  maxRefusals: 3
}

/** A life of minutes in tenths of a second. */
export const quickPolicies = (options: PolicyOptions = {}) =>
  Layer.mergeAll(
    Layer.succeed(LaunchPolicy, {
      leaseMargin: Duration.millis(200),
      lookupGap: Duration.millis(150),
      absenceAfterLease: Duration.millis(200),
      undecidedAfter: Duration.minutes(5),
      ...options.launch
    }),
    Layer.succeed(MonitorPolicy, {
      runInterval: Duration.millis(100),
      machineInterval: Duration.millis(100),
      pullRequestInterval: Duration.millis(200),
      neverStartedAfter: Duration.minutes(30),
      machineNeverStartedAfter: Duration.minutes(10),
      placeGoneAfter: Duration.seconds(1),
      pullRequestLooks: [Duration.zero, Duration.millis(100), Duration.millis(200)],
      ...options.monitor
    }),
    Layer.succeed(StopPolicy, {
      forceAfter: Duration.millis(300),
      notConfirmedAfter: Duration.millis(700),
      ...options.stop
    }),
    Layer.succeed(AbsencePolicy, { minAbsence: options.minAbsence ?? Duration.zero }),
    Layer.succeed(StepRetry, { ...retry, ...options.retry }),
    Layer.succeed(QuestionPolicy, {
      ...retry,
      interval: Duration.millis(100),
      unreadThreadAfter: Duration.millis(500),
      ...options.questions
    }),
    Layer.succeed(ReadinessPolicy, {
      readyFor: Duration.minutes(10),
      notReadyFor: Duration.zero,
      labelsFor: Duration.zero,
      perPass: 20,
      budget: Duration.seconds(5),
      ...options.readiness
    })
  )

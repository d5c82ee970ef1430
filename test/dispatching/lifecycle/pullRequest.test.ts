import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import type { PullRequest } from "../../../src/domain/Dispatch.ts"
import type { Outcome } from "../../../src/domain/Outcome.ts"
import {
  nextCheck,
  noRepositoryOutcome,
  pullRequestOutcome
} from "../../../src/dispatching/lifecycle/pullRequest.ts"
import { MonitorPolicy } from "../../../src/dispatching/lifecycle/observe.ts"
import { millis, minutes, now, pullRequest, runningRow } from "../../support/builders.ts"

const policy = MonitorPolicy.defaultValue()

describe("the checks for a pull request", () => {
  const table: ReadonlyArray<readonly [string, looks: number, typeof now, boolean]> = [
    ["the first is due at once", 0, now, true],
    ["the second is not due within a minute", 1, millis(59_999), false],
    ["the second is due after a minute", 1, minutes(1), true],
    ["the third is not due within 4 min", 2, millis(-1, minutes(4)), false],
    ["the third is due after 4 min", 2, minutes(4), true],
    ["a further one waits for nothing", 3, now, true]
  ]
  for (const [name, looks, time, due] of table) {
    it(name, () =>
      assert.strictEqual(
        nextCheck(runningRow({ runEndedAt: now, pullRequestLooks: looks }), time, policy),
        due
      )
    )
  }

  it("are three, within 5 min", () => {
    assert.strictEqual(policy.pullRequestLooks.length, 3)
    for (const delay of policy.pullRequestLooks) {
      assert.isTrue(Duration.isLessThanOrEqualTo(delay, Duration.minutes(5)))
    }
  })
})

it("a pull request that was merged during the run is said to be merged", () =>
  assert.strictEqual(
    pullRequestOutcome(runningRow({ runEndedAt: now }), pullRequest({ state: "merged" }), policy)?.message,
    "pull request #12 was merged."
  ))

describe("the meaning of a check", () => {
  const found = { number: 12, url: pullRequest().url }
  const table: ReadonlyArray<{
    readonly name: string
    readonly looks: number
    readonly found: PullRequest | null
    readonly stopped?: boolean
    readonly end: Omit<Outcome, "message"> | null
  }> = [
    { name: "nothing after the first: another look", looks: 0, found: null, end: null },
    { name: "nothing after the second: another look", looks: 1, found: null, end: null },
    {
      name: "nothing after the third: failed",
      looks: 2,
      found: null,
      end: {
        kind: "failed",
        reason: "no_pull_request",
        facts: { branch: "ai-implement/ENG-42-add-login" }
      }
    },
    {
      name: "nothing after a stop was asked for: stopped, at the first look",
      looks: 0,
      found: null,
      stopped: true,
      end: { kind: "cancelled", reason: "operator", facts: { by: "Olga" } }
    },
    {
      name: "open although a stop was asked for: delivered",
      looks: 0,
      found: pullRequest(),
      stopped: true,
      end: { kind: "delivered", reason: "pull_request", facts: found }
    },
    {
      name: "open: delivered",
      looks: 0,
      found: pullRequest(),
      end: { kind: "delivered", reason: "pull_request", facts: found }
    },
    {
      name: "open at the last look: delivered",
      looks: 2,
      found: pullRequest(),
      end: { kind: "delivered", reason: "pull_request", facts: found }
    },
    {
      name: "merged already: delivered",
      looks: 0,
      found: pullRequest({ state: "merged" }),
      end: { kind: "delivered", reason: "pull_request", facts: found }
    },
    {
      name: "closed by a person: failed",
      looks: 0,
      found: pullRequest({ state: "closed" }),
      end: { kind: "failed", reason: "pull_request_closed", facts: found }
    },
    {
      name: "a draft closed by a person: failed",
      looks: 2,
      found: pullRequest({ state: "closed", draft: true }),
      end: { kind: "failed", reason: "pull_request_closed", facts: found }
    },
    {
      name: "closed after a stop was asked for: stopped",
      looks: 0,
      found: pullRequest({ state: "closed" }),
      stopped: true,
      end: { kind: "cancelled", reason: "operator", facts: { by: "Olga" } }
    },
    {
      name: "a draft: failed",
      looks: 0,
      found: pullRequest({ draft: true }),
      end: { kind: "failed", reason: "verification_failed", facts: found }
    }
  ]
  for (const { name, looks, found, stopped, end } of table) {
    it(name, () => {
      const row = runningRow({
        runEndedAt: now,
        pullRequestLooks: looks,
        ...(stopped === true && {
          stopRequestedAt: now,
          stopRequestedBy: "Olga",
          stopReason: "operator" as const
        })
      })
      const outcome = pullRequestOutcome(row, found, policy)
      assert.deepStrictEqual(
        outcome && { kind: outcome.kind, reason: outcome.reason, facts: outcome.facts },
        end
      )
    })
  }
})

describe("a check that does not find the repository", () => {
  const look = (changes: Parameters<typeof runningRow>[0]) =>
    noRepositoryOutcome(runningRow({ runEndedAt: now, ...changes }), policy)

  it("is repeated, and the run is lost with the last one", () => {
    assert.isNull(look({ pullRequestLooks: 1 }))
    const { kind, reason } = look({ pullRequestLooks: 2 }) ?? {}
    assert.deepStrictEqual([kind, reason], ["lost", "run_vanished"])
  })

  it("ends a requested stop", () => {
    const stop = { stopRequestedAt: now, stopReason: "operator" } as const
    assert.strictEqual(look(stop)?.kind, "cancelled")
  })
})

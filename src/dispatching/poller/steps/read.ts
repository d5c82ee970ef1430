import * as Arr from "effect/Array"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import { AppConfig } from "../../../platform/Config.ts"
import { maxPages } from "../../../upstreams/client/limits.ts"
import { Tracker, type TrackedIssue } from "../../../upstreams/Tracker.ts"
import { FactsRepo } from "../../issues/FactsRepo.ts"
import { IssuesRepo } from "../../issues/IssuesRepo.ts"
import { Questions } from "../../questions/Questions.ts"
import type { PassState, Reading, Scope } from "./PassState.ts"

const minPageSize = 10
const maxPageSize = 50

const firstPageSize = (lastCount: number) =>
  Math.min(maxPageSize, Math.max(minPageSize, Math.ceil(lastCount / 10) * 10))

export const takeReplies = Effect.fn("Pass.takeReplies")(function* ({ requests }: PassState) {
  const questions = yield* Questions
  const made = yield* questions.takeReplies.pipe(
    Effect.catch((error) =>
      Effect.as(Effect.logWarning(`Replies to questions could not be read: ${error.message}`), 1)
    )
  )
  yield* Ref.update(requests, (count) => count + made)
})

/** What to read from Linear; null when nothing is mapped and nothing tracked, or no key is set. */
export const readScope = Effect.fn("Pass.readScope")(function* () {
  const issues = yield* IssuesRepo
  const facts = yield* FactsRepo
  const { LINEAR_API_KEY } = yield* AppConfig
  const [trackedIds, mappings] = yield* Effect.all([issues.tracked, facts.mappings], { concurrency: 2 })
  const idle = LINEAR_API_KEY === null || (mappings.length === 0 && trackedIds.length === 0)
  return idle ? null : ({ mappings, trackedIds } satisfies Scope)
})

/** All pages of candidates up to `maxPages`, and the tracked issues with the first. */
export const read = Effect.fn("Pass.read")(function* ({ lastCount, requests }: PassState, scope: Scope) {
  const tracker = yield* Tracker
  const { PICKUP_LABEL } = yield* AppConfig
  const readAt = yield* DateTime.now
  const candidates: Array<TrackedIssue> = []
  let tracked: ReadonlyArray<TrackedIssue> = []
  const unreadable: Array<Reading["unreadable"][number]> = []
  let after: string | null = null
  let pages = 0
  do {
    yield* Ref.update(requests, (count) => count + 1)
    const page: Effect.Success<ReturnType<typeof tracker.page>> = yield* tracker.page({
      pickupLabel: PICKUP_LABEL,
      first: pages === 0 ? firstPageSize(lastCount) : maxPageSize,
      after,
      tracked: pages === 0 ? scope.trackedIds : []
    })
    pages++
    candidates.push(...page.candidates)
    unreadable.push(...page.unreadable)
    if (after === null) tracked = page.tracked
    after = page.endCursor
  } while (after !== null && pages < maxPages)
  const seen = new Set([...candidates, ...tracked, ...unreadable].map(({ id }) => id))
  return {
    ...scope,
    readAt,
    candidates: Arr.dedupeWith(candidates, (a, b) => a.id === b.id),
    tracked,
    unreadable: Arr.dedupeWith(unreadable, (a, b) => a.id === b.id),
    missing: scope.trackedIds.filter((id) => !seen.has(id)),
    cut: after !== null
  } satisfies Reading
})

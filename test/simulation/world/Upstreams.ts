import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { PullRequest, Run } from "../../../src/domain/Dispatch.ts"
import { type DispatchId, IssueId, TeamKey } from "../../../src/domain/Ids.ts"
import { closedStates } from "../../../src/domain/IssueState.ts"
import { hasLabel, sameLabel } from "../../../src/domain/Labels.ts"
import type { Upstream } from "../../../src/domain/Reason.ts"
import type { CodeHost } from "../../../src/upstreams/CodeHost.ts"
import type { LaunchRequest, ObservedRun, RunBackends } from "../../../src/upstreams/RunBackends.ts"
import type { TrackedIssue, Tracker } from "../../../src/upstreams/Tracker.ts"
import { UpstreamError, type UpstreamReason } from "../../../src/upstreams/UpstreamError.ts"
import * as t from "../../support/memory/tables.ts"
import type { Replica } from "./Replica.ts"
import type { Ground } from "./Ground.ts"

export const teamKey = TeamKey.make("ENG")
export const pickup = "AI-Implement"

interface Comment {
  readonly issueId: string
  readonly parentId: string | null
  readonly body: string
  readonly by: string | null
  readonly at: number
}

export interface TrueIssue {
  readonly id: IssueId
  readonly identifier: string
  readonly createdAt: number
  labels: ReadonlyArray<string>
  state: string
  deleted: boolean
  /** What people did at any time. */
  readonly was: Set<"closed" | "deleted" | "unlabelled" | "commanded">
}

export interface TrueRun {
  readonly id: number
  readonly dispatchId: DispatchId
  readonly branch: string
  readonly issueIdentifier: string
  readonly createdAt: number
  readonly visibleAt: number
  /** The first look-up may leave it out. */
  omitted: boolean
  state: ObservedRun["state"]
  conclusion: ObservedRun["conclusion"]
  startedAt: number | null
  stopAsked: "no" | "gently" | "by force"
  gone: boolean
  worked: boolean
}

export interface TruePull {
  readonly number: number
  readonly branch: string
  readonly openedAt: number
  state: PullRequest["state"]
  draft: boolean
}

const callTimeout = 15_000
const launchTimeout = 30_000
// A sender sends within its lease of 60 s; after 180 s the protocol may count a run as absent: by then it is listed.
const maxTransit = 40_000
const maxLag = 75_000

const notFound: UpstreamReason = { _tag: "NotFound" }

const urlOf = (name: string) => `https://vendor.test/${name}`

/** Linear and GitHub as they truly are, and how calls to them fail. */
export class Upstreams {
  readonly #ground: Ground
  readonly issues: Array<TrueIssue> = []
  readonly comments = new Map<string, Comment>()
  readonly runs: Array<TrueRun> = []
  readonly pulls: Array<TruePull> = []
  readonly #down = new Map<Upstream, number>()
  readonly #lookedFor = new Set<DispatchId>()
  /** The repository answers to its old name no more. */
  renamed = false
  onRun: (run: TrueRun) => void = () => {}

  constructor(ground: Ground) {
    this.#ground = ground
  }

  addIssue(): TrueIssue {
    const issue: TrueIssue = {
      id: IssueId.make(this.#ground.uuid()),
      identifier: `${teamKey}-${this.issues.length + 1}`,
      createdAt: this.#ground.time.now,
      labels: [pickup],
      state: "unstarted",
      deleted: false,
      was: new Set()
    }
    this.issues.push(issue)
    return issue
  }

  outage(upstream: Upstream, millis: number): void {
    this.#ground.trace(`${upstream} is down for ${Math.round(millis / 1000)} s`)
    this.#down.set(upstream, this.#ground.time.now + millis)
  }

  #error(upstream: Upstream, operation: string, reason: UpstreamReason) {
    return new UpstreamError({ upstream, operation, reason, message: `${operation}: ${reason._tag}` })
  }

  // How a call ends: `act` is what it does there, at once or late, and its answer may be lost on the way back.
  #call<A>(
    replica: Replica,
    upstream: Upstream,
    operation: string,
    act: () => A | UpstreamReason,
    timeout = callTimeout,
    leave: Effect.Effect<boolean> = Effect.succeed(true)
  ): Effect.Effect<A, UpstreamError> {
    const ground = this.#ground
    const { chance, plan } = ground
    const fail = (reason: UpstreamReason) => Effect.fail(this.#error(upstream, operation, reason))
    const isReason = (result: unknown): result is UpstreamReason => result === notFound
    return Effect.gen({ self: this }, function* () {
      yield* replica.step
      if (!ground.calm && (this.#down.get(upstream) ?? 0) > ground.time.now) {
        yield* Effect.sleep(chance.int(5000))
        yield* replica.step
        return yield* fail({ _tag: "Unavailable", delivery: chance.is(0.5) ? "not_sent" : "unknown" })
      }
      const trouble = ground.mishap(plan.refusal)
        ? chance.weighted({ limited: 2, notSent: 2, failed: 2, malformed: 1, unauthorized: 1 })
        : null
      yield* Effect.sleep(chance.int(ground.calm ? 300 : 3000))
      if (trouble === "notSent") return yield* fail({ _tag: "Unavailable", delivery: "not_sent" })
      if (!(yield* leave)) return yield* fail({ _tag: "Unavailable", delivery: "not_sent" })
      if (trouble !== null && trouble !== "malformed") {
        yield* Effect.sleep(chance.int(2000))
        yield* replica.step
        if (trouble === "limited")
          return yield* fail({ _tag: "RateLimited", retryAfter: chance.between(1, 60) })
        return yield* fail(
          trouble === "unauthorized" ? { _tag: "Unauthorized" } : { _tag: "Unavailable", delivery: "unknown" }
        )
      }
      // From here the request is on its way, whatever becomes of who sent it.
      const lost = ground.mishap(plan.lostAnswer)
      const late = lost && chance.is(0.5)
      const transit = late ? chance.int(timeout === launchTimeout ? maxTransit : timeout) : chance.int(1000)
      let result: A | UpstreamReason | undefined
      let arrived = false
      const arrival = yield* Effect.sync(() => {
        const waiting: Array<() => void> = []
        ground.time.after(transit, () => {
          result = act()
          arrived = true
          for (const resume of waiting) resume()
        })
        return waiting
      })
      if (lost) {
        yield* Effect.sleep(chance.is(0.5) ? timeout : Math.min(timeout, transit + chance.int(3000)))
        yield* replica.step
        return yield* fail({ _tag: "Unavailable", delivery: "unknown" })
      }
      if (!arrived) yield* Effect.callback<void>((resume) => void arrival.push(() => resume(Effect.void)))
      yield* Effect.sleep(chance.int(ground.calm ? 100 : 1000))
      yield* replica.step
      if (trouble === "malformed") return yield* fail({ _tag: "Malformed" })
      return isReason(result) ? yield* fail(result) : (result as A)
    })
  }

  #shown(issue: TrueIssue): TrackedIssue {
    const at = DateTime.makeUnsafe(issue.createdAt)
    return {
      id: issue.id,
      identifier: issue.identifier,
      title: "Add a logo",
      description: null,
      url: urlOf(issue.identifier),
      priority: 0,
      createdAt: at,
      updatedAt: at,
      labels: issue.labels,
      state: { id: issue.state, name: issue.state, type: issue.state },
      team: { id: "team-eng", key: teamKey },
      blockedBy: [],
      moreBlockers: false
    }
  }

  #present(id: string): TrueIssue | null {
    return this.issues.find((issue) => (issue.id === id || issue.identifier === id) && !issue.deleted) ?? null
  }

  trackerOf(replica: Replica): Tracker["Service"] {
    const call = <A>(operation: string, act: () => A | UpstreamReason) =>
      this.#call(replica, "linear", operation, act)
    return {
      page: ({ pickupLabel, tracked }) =>
        call("page", () => {
          const there = this.issues.filter(({ deleted }) => !deleted)
          const candidates = there.filter(
            ({ labels, state }) => !closedStates.includes(state) && hasLabel(labels, pickupLabel)
          )
          return {
            candidates: candidates.map((issue) => this.#shown(issue)),
            tracked: there.filter(({ id }) => tracked.includes(id)).map((issue) => this.#shown(issue)),
            unreadable: [],
            endCursor: null
          }
        }),
      get: (ref) =>
        call("issue", () => {
          const issue = this.#present(ref)
          return issue === null ? notFound : this.#shown(issue)
        }),
      isGone: (id) => call("isGone", () => this.#present(id) === null),
      labels: () => call("labels", () => []),
      change: ({ add, issueId, remove, start }) =>
        call("change", () => {
          const issue = this.#present(issueId)
          if (issue === null) return notFound
          const left = issue.labels.filter((label) => !remove.some((name) => sameLabel(name, label)))
          issue.labels = [...left, ...add.filter((label) => !hasLabel(left, label))]
          if (start && issue.state === "unstarted") issue.state = "started"
          this.#ground.trace(`${issue.identifier} has the labels ${issue.labels.join(", ")}`)
          return issue.labels
        }),
      comment: ({ body, id, issueId, parentId = null }) =>
        call("comment", () => {
          const issue = this.#present(issueId)
          if (issue === null || (parentId !== null && !this.comments.has(parentId))) return notFound
          if (!this.comments.has(id)) {
            this.comments.set(id, { issueId, parentId, body, by: null, at: this.#ground.time.now })
          }
          return undefined
        }),
      replies: ({ commentIds, ours }) =>
        call("replies", () =>
          [...this.comments].flatMap(([id, { at, body, by, parentId }]) =>
            by !== null && !ours.includes(id) && parentId !== null && commentIds.includes(parentId)
              ? [{ commentId: parentId, text: body, by, at: DateTime.makeUnsafe(at) }]
              : []
          )
        ),
      discussion: () => call("discussion", () => ({ parent: null, comments: [] })),
      probe: call("probe", () => undefined)
    }
  }

  #observed(run: TrueRun): ObservedRun {
    return {
      run: this.runOf(run),
      dispatchId: run.dispatchId,
      state: run.state,
      conclusion: run.conclusion,
      detail: null,
      createdAt: DateTime.makeUnsafe(run.createdAt),
      startedAt: run.startedAt === null ? null : DateTime.makeUnsafe(run.startedAt)
    }
  }

  readonly runOf = ({ id }: TrueRun): Run => ({ kind: "github", id, url: urlOf(`runs/${id}`) })

  // A new run is listed late.
  #listed(wanted: (run: TrueRun) => boolean, named: ReadonlyArray<number>): ReadonlyArray<ObservedRun> {
    return this.runs
      .filter(
        (run) =>
          !run.gone && wanted(run) && (named.includes(run.id) || run.visibleAt <= this.#ground.time.now)
      )
      .toSorted((a, b) => a.createdAt - b.createdAt)
      .map((run) => this.#observed(run))
  }

  #accept({ branch, dispatchId, issueIdentifier }: LaunchRequest, attempt: number): TrueRun {
    const { chance, time } = this.#ground
    const run: TrueRun = {
      id: this.runs.length + 1,
      dispatchId,
      branch,
      issueIdentifier,
      createdAt: time.now,
      visibleAt: time.now + (this.#ground.calm ? 0 : chance.is(0.3) ? chance.int(maxLag) : chance.int(5000)),
      omitted: chance.is(0.2),
      state: "queued",
      conclusion: null,
      startedAt: null,
      stopAsked: "no",
      gone: false,
      worked: false
    }
    this.#ground.trace(`run ${run.id} is created for attempt ${attempt} of ${issueIdentifier}`)
    this.runs.push(run)
    this.onRun(run)
    return run
  }

  runBackendsOf(replica: Replica): RunBackends["Service"] {
    const { chance, store } = this.#ground
    const call = <A>(operation: string, act: () => A | UpstreamReason) =>
      this.#call(replica, "github", operation, () => (this.renamed ? notFound : act()))
    return {
      launch: (request) => {
        let attempt = 0
        const leave = Effect.tap(request.proceed, () =>
          Effect.sync(() => {
            attempt = (store.rows(t.dispatches).get(request.dispatchId) as t.StoredDispatch).launchAttempt
          })
        )
        const act = () => {
          if (this.renamed) return notFound
          const run = this.#accept(request, attempt)
          return chance.is(0.1) ? null : this.runOf(run)
        }
        return this.#call<Run | null>(replica, "github", "launch", act, launchTimeout, leave)
      },
      find: ({ dispatchId }) =>
        call("find", () => {
          const first = !this.#lookedFor.has(dispatchId)
          this.#lookedFor.add(dispatchId)
          return this.#listed((run) => run.dispatchId === dispatchId && !(first && run.omitted), [])
        }),
      list: ({ runs }) =>
        call("list", () =>
          this.#listed(
            () => true,
            runs.flatMap((run) => (run.kind === "github" ? run.id : []))
          )
        ),
      stop: ({ force, run }) =>
        call("stop", () => {
          const found = this.runs.find(({ id, gone }) => run.kind === "github" && id === run.id && !gone)
          if (found === undefined) return notFound
          this.#ground.trace(`run ${found.id} is asked to stop${force ? " by force" : ""}`)
          if (found.stopAsked !== "by force") found.stopAsked = force ? "by force" : "gently"
          return undefined
        }),
      cancellation: () =>
        call("cancellation", () =>
          chance.pick([null, { _tag: "Person", login: "petra" }, { _tag: "Superseded" }] as const)
        ),
      probe: () => call("probe", () => undefined)
    }
  }

  codeHostOf(replica: Replica): Pick<CodeHost["Service"], "pullRequest" | "pullRequests" | "artifact"> {
    const call = <A>(operation: string, act: () => A | UpstreamReason) =>
      this.#call(replica, "github", operation, () => (this.renamed ? notFound : act()))
    const shown = ({ draft, number, state }: TruePull): PullRequest => ({
      number,
      state,
      draft,
      url: urlOf(`pulls/${number}`)
    })
    return {
      artifact: () => call("artifact", () => null),
      pullRequest: ({ branch, number, since }) =>
        call("pullRequest", () => {
          const own = this.pulls.filter(
            (pull) =>
              pull.branch === branch &&
              (pull.state === "open" || pull.openedAt >= DateTime.toEpochMillis(since))
          )
          const found = own.find((pull) => pull.number === number) ?? own[0]
          return found === undefined ? null : { ...shown(found), branch }
        }),
      pullRequests: ({ numbers }) =>
        call("pullRequests", () => this.pulls.filter(({ number }) => numbers.includes(number)).map(shown))
    }
  }
}

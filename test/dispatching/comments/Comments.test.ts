import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { Comments } from "../../../src/dispatching/comments/Comments.ts"
import { CommentPolicy } from "../../../src/dispatching/comments/policy.ts"
import { TriggersRepo } from "../../../src/dispatching/comments/TriggersRepo.ts"
import type { Role } from "../../../src/sandbox/github/State.ts"
import { type EngineOptions, operator, repository, start } from "../../support/engine.ts"
import { eventually } from "../../support/eventually.ts"
import { TeamKey } from "../../../src/domain/Ids.ts"

const quick = {
  interval: Duration.millis(50),
  retryBase: Duration.millis(50),
  retryMax: Duration.millis(100),
  giveUpAfter: Duration.hours(24)
}

const publicUrl = "https://ai.test"

/** An issue whose pull request is open and settled, and robin, who may write. */
const delivered = Effect.fnUntraced(function* (options: EngineOptions = {}) {
  const engine = yield* start({ ...options, env: { PUBLIC_URL: publicUrl, ...options.env } }).pipe(
    Effect.provideService(CommentPolicy, quick)
  )
  const { github, services, sql } = engine
  yield* github.setRole({ ...repository, login: "robin", role: "write" })
  const identifier = engine.issue({ description: "A logo is missing." })
  const { number } = yield* engine.deliver(yield* engine.dispatched(identifier))
  const first = yield* engine.settled(identifier)
  const pull = { ...repository, number }

  const write = (body: string, author = "robin") => github.comment({ ...pull, author, body })
  const reportComment = (commentId: number, prNumber = number) =>
    Context.get(services, TriggersRepo).add({ owner: "Acme", repo: "App", prNumber, commentId })
  const say = Effect.fnUntraced(function* (body: string, author?: string) {
    const { id } = yield* write(body, author)
    yield* reportComment(id)
    return id
  }, Effect.orDie)
  const becomes = (id: number, state: "done" | "refused" | "pending", detail: string) =>
    eventually(
      `the comment is ${state}: ${detail}`,
      Effect.orDie(sql`select state, detail from comment_triggers where comment_id = ${id}`),
      ([row]) => row?.["state"] === state && String(row["detail"]).includes(detail)
    )
  return { ...engine, identifier, first, pull, write, reportComment, say, becomes }
})

describe("/ai-implement on our pull request", () => {
  it.live("dispatches again on the same branch, despite labels and the dedup window", () =>
    Effect.gen(function* () {
      const { becomes, candidates, first, finish, identifier, labels, pull, running, runsOf, say, until } =
        yield* delivered()
      assert.include(labels(identifier), "Ready for Review")
      const [{ dispatchedAt } = { dispatchedAt: null }] = yield* candidates.dedup
      const id = yield* say("/ai-implement Make it blue.")
      const again = yield* until(identifier, ({ attempt }) => attempt === 2)
      assert.deepInclude(again, {
        trigger: "comment",
        requestedBy: "robin",
        phase: "implementation",
        branch: first.branch
      })
      const live = yield* running(identifier)
      const [run] = runsOf(live)
      assert.deepInclude(run?.inputs, {
        pr_number: String(pull.number),
        branch: first.branch,
        issue_description: `A logo is missing.\n\n---\n\nrobin asks in a comment on pull request #${pull.number}:\n\nMake it blue.`
      })
      const [{ dispatchedAt: renewed } = { dispatchedAt: null }] = yield* candidates.dedup
      assert.isAbove(renewed?.epochMilliseconds ?? 0, dispatchedAt?.epochMilliseconds ?? 0)
      yield* becomes(id, "done", again.id)
      yield* finish(live, "failure")
    })
  )

  it.live(
    "is refused, with a reason in the timeline, when it was edited, deleted or not written by a collaborator",
    () =>
      Effect.gen(function* () {
        const { attempts, becomes, dispatches, first, github, identifier, say, reportComment, write } =
          yield* delivered()
        const role = (role: Role | null) => github.setRole({ ...repository, login: "kim", role })
        for (const [given, body, author, why] of [
          [null, "/ai-implement", "kim", "kim may not write to acme/app"],
          ["read", "/ai-implement", "kim", "kim may not write to acme/app"],
          ["triage", "/ai-implement", "kim", "kim may not write to acme/app"],
          [null, "/ai-implement", "dependabot[bot]", "dependabot[bot] may not write to acme/app"],
          [null, "Looks good", "robin", "does not begin with /ai-implement"]
        ] as const) {
          yield* role(given)
          yield* becomes(yield* say(body, author), "refused", why)
        }
        const { id } = yield* write("/ai-implement")
        yield* github.editComment(id, "/ai-implement all", 60_000)
        yield* reportComment(id)
        yield* becomes(id, "refused", "was edited")
        yield* reportComment(7)
        yield* becomes(7, "refused", "deleted")
        assert.lengthOf(yield* attempts(identifier), 1)
        const refusals = (yield* dispatches.events(first.id)).filter(({ type }) => type === "comment_refused")
        assert.lengthOf(refusals, 7)
        assert.include(refusals[0]?.message, "kim may not write to acme/app")
      })
  )

  it.live("is taken though GitHub wrote it again a second later", () =>
    Effect.gen(function* () {
      const { becomes, github, identifier, reportComment, until, write } = yield* delivered()
      const { id } = yield* write("/ai-implement")
      yield* github.editComment(id, "/ai-implement", 1000)
      yield* reportComment(id)
      const again = yield* until(identifier, ({ attempt }) => attempt === 2)
      yield* becomes(id, "done", again.id)
    })
  )

  it.live("is refused when its pull request or its issue cannot continue", () =>
    Effect.gen(function* () {
      const { attempts, becomes, github, identifier, linear, map, mappings, pull, say } = yield* delivered()
      linear.setLabels(identifier, ["AI-Implement", "AI-Planning"])
      yield* becomes(yield* say("/ai-implement"), "refused", "has the label AI-Planning")
      linear.setLabels(identifier, ["AI-Implement"])
      yield* map({ repo: "other" })
      yield* becomes(yield* say("/ai-implement"), "refused", "ENG is no longer mapped to acme/app")
      yield* mappings.remove(TeamKey.make("ENG"), { ifIdle: false }, operator)
      yield* becomes(yield* say("/ai-implement"), "refused", "ENG is no longer mapped to acme/app")
      yield* map()
      yield* github.mergePullRequest(pull)
      yield* becomes(yield* say("/ai-implement"), "refused", "is merged")
      assert.lengthOf(yield* attempts(identifier), 1)
    })
  )

  it.live("is refused without a GitHub request on a pull request that no dispatch opened", () =>
    Effect.gen(function* () {
      const { attempts, becomes, github, identifier, reportComment } = yield* delivered()
      github.control.resetCalls()
      yield* reportComment(99, 4711)
      yield* becomes(99, "refused", "does not belong to a dispatch")
      const calls = github.control.calls().filter(({ path }) => /4711|comments/.test(path))
      assert.lengthOf(calls, 0)
      assert.lengthOf(yield* attempts(identifier), 1)
    })
  )

  it.live("is followed once, however often it is reported", () =>
    Effect.gen(function* () {
      const { attempts, becomes, deliver, identifier, running, say, services, settled, sql, reportComment } =
        yield* delivered()
      const id = yield* say("/ai-implement")
      yield* reportComment(id)
      yield* becomes(id, "done", "Dispatched")
      yield* deliver(yield* running(identifier))
      yield* settled(identifier)
      yield* sql`update comment_triggers set state = 'pending', next_at = now()`
      yield* Context.get(services, Comments).followDue
      yield* becomes(id, "done", "Dispatched")
      assert.lengthOf(yield* attempts(identifier), 2)
    })
  )

  it.live("waits while its team is at capacity or GitHub is down, then is followed", () =>
    Effect.gen(function* () {
      const { becomes, deliver, dispatched, events, first, github, identifier, issue, say, until } =
        yield* delivered({ mapping: { maxInProgressAiIssues: 1 } })
      const other = yield* dispatched(issue())
      const id = yield* say("/ai-implement")
      yield* becomes(id, "pending", "uses 1 of 1 slots")
      github.control.failNext({ times: Infinity, action: { _tag: "status", status: 503 } })
      yield* becomes(id, "pending", "GitHub failed (503)")
      github.control.clearFaults()
      yield* deliver(other)
      yield* until(identifier, ({ attempt }) => attempt === 2)
      const waited = (yield* events(first.id)).filter((type) => type === "comment_waits")
      assert.lengthOf(waited, 1)
    })
  )

  it.live("waits while its issue runs, even before the pull request is recorded", () =>
    Effect.gen(function* () {
      const { becomes, finish, github, identifier, issue, dispatched, say, reportComment, until } =
        yield* delivered()
      yield* say("/ai-implement")
      yield* until(identifier, ({ attempt, status }) => attempt === 2 && status === "running")
      yield* becomes(yield* say("/ai-implement once more"), "pending", "its implementation is running")
      const fresh = yield* dispatched(issue())
      const { number } = yield* github.openPullRequest({ ...repository, branch: fresh.branch, title: "New" })
      const { id } = yield* github.comment({ ...repository, number, author: "robin", body: "/ai-implement" })
      yield* reportComment(id, number)
      yield* becomes(id, "pending", "is not recorded yet")
      yield* finish(fresh, "success")
      const next = yield* until(fresh.issueIdentifier, ({ attempt }) => attempt === 2)
      assert.strictEqual(next.branch, fresh.branch)
    })
  )

  it.live("is given up after a day, with the reason of its wait", () =>
    Effect.gen(function* () {
      const { attempts, becomes, identifier, map, say, sql } = yield* delivered()
      yield* map({ paused: true })
      const id = yield* say("/ai-implement")
      yield* becomes(id, "pending", "mapping is paused")
      yield* sql`update comment_triggers set received_at = now() - interval '25 hours'`
      yield* becomes(id, "refused", "mapping is paused")
      assert.lengthOf(yield* attempts(identifier), 1)
    })
  )
})

describe("a comment that a job reports", () => {
  it.live("is accepted with a token valid once, from the comment workflow only", () =>
    Effect.gen(function* () {
      const { becomes, github, identifier, pull, services, until, write } = yield* delivered()
      const comments = Context.get(services, Comments)
      const { id } = yield* write("/ai-implement")
      const comment = { number: pull.number, commentId: id }
      const token = (claims: Record<string, unknown> = {}) =>
        github.commentToken(repository, { audience: publicUrl, claims })
      const refused = Effect.fnUntraced(function* (claims: Record<string, unknown>, why: string) {
        const error = yield* Effect.flip(comments.report(yield* token(claims), comment))
        assert.strictEqual(error._tag, "InvalidToken")
        assert.include(error.message, why)
      })
      yield* refused({ event_name: "workflow_dispatch" }, "issue_comment")
      yield* refused(
        { workflow_ref: "acme/app/.github/workflows/other.yml@refs/heads/main" },
        "only that workflow"
      )
      yield* refused(
        { job_workflow_ref: "mallory/app/.github/workflows/ai-implement-comment.yml@refs/heads/main" },
        "only that workflow"
      )
      yield* refused({ repository_id: "7" }, "another repository")
      const foreign = yield* Effect.flip(comments.report(yield* token({ repository: "acme/none" }), comment))
      assert.strictEqual(foreign._tag, "InvalidToken")
      const good = yield* token()
      yield* comments.report(good, comment)
      assert.include((yield* Effect.flip(comments.report(good, comment))).message, "used before")
      assert.strictEqual((yield* Effect.flip(comments.report(null, comment)))._tag, "InvalidToken")
      yield* until(identifier, ({ trigger }) => trigger === "comment")
      yield* becomes(id, "done", "Dispatched")
    })
  )

  it.live("is refused from a repository without a mapped team", () =>
    Effect.gen(function* () {
      const { github, mappings, services } = yield* delivered()
      yield* mappings.remove(TeamKey.make("ENG"), { ifIdle: false }, operator)
      const token = yield* github.commentToken(repository, { audience: publicUrl })
      const error = yield* Effect.flip(
        Context.get(services, Comments).report(token, { number: 1, commentId: 1 })
      )
      assert.strictEqual(error._tag, "NotMapped")
    })
  )
})

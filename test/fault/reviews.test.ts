import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { makeClient } from "../../src/api/client.ts"
import type { Point } from "../support/orders.ts"
import { begun } from "./dryRun.ts"
import type { Flow } from "../support/flow.ts"
import { nameOf } from "./points.ts"
import { eventually, start } from "../support/scene.ts"

const reason = "It touches the wrong service."

/** An issue whose first dispatch is settled, in a service that nothing moves. */
const settled = Effect.fnUntraced(function* (flow: Flow) {
  const { scene, service, identifier } = yield* begun(flow)
  yield* scene.askForPass
  const first = yield* scene.settled(identifier)
  yield* scene.runsEnded(identifier)
  yield* scene.idle
  const second = eventually(
    `the second dispatch of ${identifier} to be settled`,
    Effect.map(scene.rows(identifier), (rows) => (rows[1]?.settledAt == null ? null : rows))
  )
  return { scene, service, identifier, first, second }
})

const rejecting: ReadonlyArray<Point> = [
  { span: "PlanCommands.reject", nth: 1, edge: "start" },
  { span: "Plans.reject", nth: 1, edge: "end" },
  { span: "Linear.change", nth: 1, edge: "end" },
  { span: "PlanCommands.reject", nth: 1, edge: "end" }
]

const following: ReadonlyArray<Point> = [
  { span: "CommentTriggers.take", nth: 1, edge: "end" },
  { span: "Admission.admit", nth: 1, edge: "end" },
  { span: "IssueCommands.again", nth: 1, edge: "end" },
  { span: "CommentTriggers.conclude", nth: 1, edge: "end" }
]

describe("a service killed by kill -9 while it takes in a review, and started again", () => {
  for (const dieAt of rejecting) {
    it.live(`has a rejected plan made again once, with its reason: ${nameOf(dieAt)}`, () =>
      Effect.gen(function* () {
        const { scene, service, identifier, second } = yield* settled("planning")
        const { ADMIN_ACCESS_CODE: code = "", PUBLIC_URL: url = "" } = scene.env as Record<string, string>
        const { token } = yield* (yield* makeClient({ url })).auth.signIn({ payload: { code } })
        const operator = yield* makeClient({ url, token: () => token })
        const reject = operator.issues.reject({ params: { issueId: identifier }, payload: { reason } })
        yield* service.order({ dieAt })
        yield* Effect.ignore(reject)
        assert.strictEqual((yield* service.ended).signal, "SIGKILL")
        yield* start(scene.env)
        yield* eventually(
          "the rejection to be taken",
          Effect.flatMap(scene.rows(identifier), ([row]) =>
            row?.events.includes("plan_rejected") === true
              ? Effect.succeed(true)
              : Effect.as(Effect.ignore(reject), null)
          )
        )
        yield* scene.askForPass
        const rows = yield* second
        assert.deepStrictEqual(
          rows.map(({ status }) => status),
          ["succeeded", "succeeded"]
        )
        assert.lengthOf(rows[0]?.events.filter((type) => type === "plan_rejected") ?? [], 1)
        assert.deepStrictEqual(
          scene.runsOf(identifier).map(({ inputs }) => inputs["plan_feedback"]),
          ["", reason]
        )
        assert.deepStrictEqual(scene.linear.issueByIdentifier(identifier)?.labels, [
          "AI-Implement",
          "Plan-Complete"
        ])
      }).pipe(Effect.provide(FetchHttpClient.layer))
    )
  }

  for (const dieAt of following) {
    it.live(`follows a comment under its pull request with one more run: ${nameOf(dieAt)}`, () =>
      Effect.gen(function* () {
        const { scene, service, identifier, first, second } = yield* settled("implementation")
        const { github, sql } = scene
        const [pull] = github.pullRequests().filter(({ branch }) => branch === first.branch)
        assert.isDefined(pull)
        const repository = { owner: "acme", repo: "app" }
        yield* github.setRole({ ...repository, login: "robin", role: "write" })
        const { id } = yield* github.comment({
          ...repository,
          number: pull.number,
          author: "robin",
          body: "/ai-implement Make it blue."
        })
        yield* service.order({ dieAt })
        yield* sql`insert into comment_triggers (owner, repo, comment_id, pr_number, state, next_at, received_at)
          values ('acme', 'app', ${id}, ${pull.number}, 'pending', now(), now())`
        assert.strictEqual((yield* service.ended).signal, "SIGKILL")
        yield* start(scene.env)
        const rows = yield* second
        yield* scene.idle
        assert.lengthOf(yield* scene.rows(identifier), 2)
        assert.deepStrictEqual(
          rows.map(({ status, branch }) => [status, branch]),
          [
            ["succeeded", first.branch],
            ["succeeded", first.branch]
          ]
        )
        assert.lengthOf(scene.runsOf(identifier), 2)
        const concluded = yield* eventually(
          "the comment to be concluded",
          Effect.map(
            sql`select state from comment_triggers where comment_id = ${id} and state <> 'pending'`,
            ([row]) => row ?? null
          )
        )
        assert.deepStrictEqual(concluded, { state: "done" })
      })
    )
  }
})

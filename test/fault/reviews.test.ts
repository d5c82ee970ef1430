import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { makeClient } from "../../src/api/client.ts"
import type { Point } from "../support/orders.ts"
import { externalScene } from "./external.ts"
import { halted, haltingAt } from "./killRun.ts"
import { bringPeople } from "./people.ts"
import type { Flow } from "../support/flow.ts"
import { nameOf } from "./points.ts"
import { eventually, start } from "../support/scene.ts"

const reason = "It touches the wrong service."

/** Issues whose first dispatches are settled, in a service that nothing moves. */
const settled = Effect.fnUntraced(function* (flow: Flow, points: ReadonlyArray<Point>) {
  const scene = yield* externalScene(flow)
  yield* bringPeople(scene)
  const service = yield* start(scene.env)
  yield* scene.idle
  const identifiers = yield* Effect.forEach(points, (point) => scene.label(nameOf(point)))
  yield* scene.askForPass
  const issues = yield* Effect.forEach(
    identifiers,
    Effect.fnUntraced(function* (identifier) {
      const first = yield* scene.settled(identifier)
      yield* scene.runsEnded(identifier)
      const second = eventually(
        `the second dispatch of ${identifier} to be settled`,
        Effect.map(scene.rows(identifier), (rows) => (rows[1]?.settledAt == null ? null : rows))
      )
      return { identifier, first, second }
    })
  )
  yield* scene.idle
  return { scene, service, issues }
})

/** Those of one kill; the last one holds what each rejection locks. */
const rejecting: ReadonlyArray<ReadonlyArray<Point>> = [
  [
    { span: "PlanCommands.reject", nth: 1, own: 1, edge: "start" },
    { span: "Linear.change", nth: 1, own: 1, edge: "end" },
    { span: "PlanCommands.reject", nth: 1, own: 1, edge: "end" }
  ],
  [{ span: "Plans.reject", nth: 1, own: 1, edge: "end" }]
]

const following: ReadonlyArray<Point> = [
  { span: "CommentTriggers.take", nth: 1, edge: "end" },
  { span: "Admission.admit", nth: 1, edge: "end" },
  { span: "IssueCommands.again", nth: 1, edge: "end" },
  { span: "CommentTriggers.conclude", nth: 1, edge: "end" }
]

describe(
  "a service killed by kill -9 while it takes in a review, and started again",
  { timeout: 240_000 },
  () => {
    it.live("at each step has a rejected plan made again once, with its reason", () =>
      Effect.gen(function* () {
        const { scene, issues, ...begun } = yield* settled("planning", rejecting.flat())
        const { ADMIN_ACCESS_CODE: code = "", PUBLIC_URL: url = "" } = scene.env as Record<string, string>
        const { token } = yield* (yield* makeClient({ url })).auth.signIn({ payload: { code } })
        const operator = yield* makeClient({ url, token: () => token })
        const reject = (issueId: string) =>
          Effect.ignore(operator.issues.reject({ params: { issueId }, payload: { reason } }))
        let { service } = begun
        const waiting = [...issues]
        for (const points of rejecting) {
          const rejected = waiting.splice(0, points.length)
          yield* scene.idle
          yield* service.order(haltingAt(points))
          for (const { identifier } of rejected) yield* Effect.forkScoped(reject(identifier))
          yield* halted(service, points)
          yield* service.kill("SIGKILL")
          yield* service.ended
          service = yield* start(scene.env)
          for (const { identifier } of rejected) {
            yield* eventually(
              "the rejection to be taken",
              Effect.flatMap(scene.rows(identifier), ([row]) =>
                row?.events.includes("plan_rejected") === true
                  ? Effect.succeed(true)
                  : Effect.as(reject(identifier), null)
              )
            )
          }
          yield* scene.askForPass
          for (const { identifier, second } of rejected) {
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
          }
        }
      }).pipe(Effect.provide(FetchHttpClient.layer))
    )

    it.live("after each step follows a comment under its pull request with one more run", () =>
      Effect.gen(function* () {
        const { scene, issues, ...begun } = yield* settled("implementation", following)
        const { github, sql } = scene
        const repository = { owner: "acme", repo: "app" }
        yield* github.setRole({ ...repository, login: "robin", role: "write" })
        let { service } = begun
        for (const [index, { identifier, first, second }] of issues.entries()) {
          const [pull] = github.pullRequests().filter(({ branch }) => branch === first.branch)
          assert.isDefined(pull)
          const { id } = yield* github.comment({
            ...repository,
            number: pull.number,
            author: "robin",
            body: "/ai-implement Make it blue."
          })
          yield* scene.idle
          yield* service.order({ dieAt: following[index] ?? null })
          yield* sql`insert into comment_triggers (owner, repo, comment_id, pr_number, state, next_at, received_at)
          values ('acme', 'app', ${id}, ${pull.number}, 'pending', now(), now())`
          assert.strictEqual((yield* service.ended).signal, "SIGKILL")
          service = yield* start(scene.env)
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
        }
      })
    )
  }
)

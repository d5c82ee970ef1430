import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { createHmac } from "node:crypto"
import { issue, setup, shop } from "../support/githubSandbox.ts"
import { receiver } from "./receiver.ts"

const start = Effect.fnUntraced(function* (...statuses: Array<number>) {
  const listening = yield* receiver(...statuses)
  const world = yield* setup({ webhook: listening.target })
  return { ...listening, ...world }
})

it.live("a run sends webhooks when it is requested, begins and ends, signed as GitHub signs it", () =>
  Effect.gen(function* () {
    const { atLeast, dispatch, github, installation, target } = yield* start()
    yield* dispatch(issue)
    const id = github.runs()[0]?.id ?? 0
    yield* github.startRun(id)
    yield* atLeast(2)
    yield* github.finishRun(id, "failure")
    const received = (yield* atLeast(3)).map(({ body, headers }) => {
      const signature = createHmac("sha256", target.secret).update(body).digest("hex")
      assert.strictEqual(headers["x-hub-signature-256"], `sha256=${signature}`)
      assert.strictEqual(headers["x-github-event"], "workflow_run")
      const payload = JSON.parse(body)
      assert.strictEqual(payload.installation.id, installation)
      assert.deepInclude(payload.workflow_run, { id, display_title: "ENG-42 d-1" })
      return [payload.action, payload.workflow_run.conclusion]
    })
    assert.sameDeepMembers(received, [
      ["requested", null],
      ["in_progress", null],
      ["completed", "failure"]
    ])
    assert.deepStrictEqual(github.control.violations(), [])
  })
)

it.live("a pull request and the comments of people send webhooks", () =>
  Effect.gen(function* () {
    const { atLeast, github } = yield* start()
    const branch = { ...shop, branch: "b", title: "B" }
    const ref = { ...shop, number: 1 }
    yield* github.openPullRequest(branch)
    yield* github.openPullRequest(branch)
    const { id } = yield* github.comment({ ...ref, author: "robin", body: "/ai-implement" })
    yield* github.editComment(id, "/ai-implement please")
    yield* github.mergePullRequest(ref)
    const received = (yield* atLeast(5)).map(({ body, headers }) => {
      const { action, comment, issue: on, pull_request: pull } = JSON.parse(body)
      const event = `${headers["x-github-event"] ?? ""}.${action}`
      return comment === undefined
        ? [event, pull.number, pull.merged]
        : [event, on.number, on.pull_request !== undefined, comment.body]
    })
    assert.sameDeepMembers(received, [
      ["pull_request.opened", 1, false],
      ["pull_request.synchronize", 1, false],
      ["issue_comment.created", 1, true, "/ai-implement"],
      ["issue_comment.edited", 1, true, "/ai-implement please"],
      ["pull_request.closed", 1, true]
    ])
    assert.deepStrictEqual(github.control.violations(), [])
  })
)

it.live("a refused webhook is sent again when that is asked for, under the same id", () =>
  Effect.gen(function* () {
    const { atLeast, github } = yield* start(500)
    yield* github.openPullRequest({ ...shop, branch: "b", title: "B" })
    yield* atLeast(1)
    const id = github.deliveries()[0]?.id ?? ""
    github.redeliver(id)
    const [first, second] = yield* atLeast(2)
    assert.strictEqual(second?.headers["x-github-delivery"], first?.headers["x-github-delivery"])
    assert.strictEqual(second?.body, first?.body)
  })
)

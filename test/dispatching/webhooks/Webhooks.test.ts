import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { createHmac, randomUUID } from "node:crypto"
import { type Received, Webhooks } from "../../../src/dispatching/webhooks/Webhooks.ts"
import { start } from "../../support/engine.ts"

const secret = "of-the-tests"
const days = Duration.days(1)

/** Nothing is read except after a webhook. */
const patient = {
  env: { LINEAR_WEBHOOK_SECRET: secret, GITHUB_WEBHOOK_SECRET: secret },
  policy: { monitor: { runInterval: days, machineInterval: days, pullRequestInterval: days } }
}

const received = (event: string, payload: object): Received => {
  const body = new TextEncoder().encode(JSON.stringify(payload))
  const digest = createHmac("sha256", secret).update(body).digest("hex")
  return { id: randomUUID(), event, body, signature: event === "" ? digest : `sha256=${digest}` }
}

const startPatient = Effect.gen(function* () {
  const engine = yield* start(patient)
  const webhooks = yield* Layer.build(Webhooks.layer).pipe(
    Effect.map(Context.get(Webhooks)),
    Effect.provide(engine.services)
  )
  const linear = Effect.flatMap(Clock.currentTimeMillis, (webhookTimestamp) =>
    webhooks.linear(received("", { type: "Issue", webhookTimestamp }))
  )
  const github = (event: string, payload: object) => webhooks.github(received(event, payload))
  return { ...engine, linear, github: { ...engine.github, webhook: github } }
})

describe("a webhook", () => {
  it.live("of Linear makes an issue dispatched before the next pass is due", () =>
    Effect.gen(function* () {
      const { issue, linear, pass, running } = yield* startPatient
      yield* pass
      const identifier = issue()
      yield* linear
      yield* running(identifier)
    })
  )

  it.live("of GitHub makes a run's end and a merge seen before the next check is due", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, github, issue, settled, until } = yield* startPatient
      const identifier = issue()
      const pull = yield* deliver(yield* dispatched(identifier))
      yield* github.webhook("workflow_run", { workflow_run: { event: "workflow_dispatch" } })
      assert.strictEqual((yield* settled(identifier)).status, "succeeded")
      yield* github.mergePullRequest({ owner: "acme", repo: "app", number: pull.number })
      yield* github.webhook("pull_request", { pull_request: { number: pull.number } })
      yield* until(identifier, ({ pullRequest }) => pullRequest?.state === "merged")
    })
  )
})

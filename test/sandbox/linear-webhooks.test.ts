import { LinearWebhookClient } from "@linear/sdk/webhooks"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { make } from "../../src/sandbox/Linear.ts"
import { automationUserId, personId, workspace } from "../../src/sandbox/linear/workspace.ts"
import type { Request } from "../../src/sandbox/Upstream.ts"
import { receiver } from "./receiver.ts"

const start = Effect.fnUntraced(function* (...statuses: Array<number>) {
  const { atLeast, target } = yield* receiver(...statuses)
  const linear = yield* make({
    apiKeys: [{ key: "lin_api_test", userId: automationUserId }],
    seed: workspace,
    webhook: target,
    webhookRetries: [10, 10]
  })
  const client = new LinearWebhookClient(target.secret)
  const verified = ({ body, headers }: Request) =>
    client.parseData(Buffer.from(body), headers["linear-signature"] ?? "")
  return { ...linear, atLeast, verified }
})

it.live("a change of an issue sends a webhook with the former values, signed as Linear signs it", () =>
  Effect.gen(function* () {
    const { atLeast, control, verified } = yield* start()
    const before = control.issueByIdentifier("ENG-44")
    control.setState("ENG-44", "Done")
    const [request] = yield* atLeast(1)
    assert.isDefined(request)
    const payload = verified(request)
    assert.deepInclude(payload, { action: "update", type: "Issue" })
    assert.strictEqual(request.headers["linear-event"], "Issue")
    assert.match(request.headers["linear-delivery"] ?? "", /^[0-9a-f-]{36}$/)
    const { data, updatedFrom } = JSON.parse(request.body)
    assert.strictEqual(data.identifier, "ENG-44")
    assert.strictEqual(data.state.name, "Done")
    assert.sameMembers(
      data.labels.map(({ name }: { name: string }) => name),
      before?.labels.slice() ?? []
    )
    assert.sameMembers(Object.keys(updatedFrom), ["completedAt", "stateId", "updatedAt"])
  })
)

it.live("a comment sends a webhook with its thread and its author, a bot's without a user", () =>
  Effect.gen(function* () {
    const { atLeast, control, verified } = yield* start()
    const parentId = control.comment({ issue: "ENG-44", body: "Which one?", user: automationUserId })
    control.comment({ issue: "ENG-44", body: "The first.", user: personId, parentId })
    control.comment({ issue: "ENG-44", body: "Synced.", bot: "GitHub", parentId })
    const webhooks = (yield* atLeast(3)).map((request) => {
      assert.strictEqual(verified(request).type, "Comment")
      const { action, data } = JSON.parse(request.body)
      return [action, data.body, data.parentId, data.userId, data.user?.id ?? null]
    })
    assert.sameDeepMembers(webhooks, [
      ["create", "Which one?", null, automationUserId, automationUserId],
      ["create", "The first.", parentId, personId, personId],
      ["create", "Synced.", parentId, null, null]
    ])
  })
)

it.live("what is not answered with success is sent again under the same id, a bounded number of times", () =>
  Effect.gen(function* () {
    const { atLeast, control, deliveries } = yield* start(500, 503, 500, 500)
    control.setPriority("ENG-44", 4)
    yield* atLeast(3)
    control.setPriority("ENG-44", 1)
    yield* atLeast(5)
    const [first, second] = [...new Set(deliveries().map(({ id }) => id))]
    const of = (id: string | undefined) =>
      deliveries().flatMap((delivery) => (delivery.id === id ? delivery.status : []))
    assert.deepStrictEqual(
      [of(first), of(second)],
      [
        [500, 503, 500],
        [500, 200]
      ]
    )
  })
)

it.live("nothing is sent while no address is set", () =>
  Effect.gen(function* () {
    const { atLeast, control, deliveries, received, setWebhook, target } = yield* Effect.gen(function* () {
      const listening = yield* receiver()
      const linear = yield* make({ apiKeys: [], seed: workspace })
      return { ...listening, ...linear }
    })
    control.setPriority("ENG-44", 4)
    setWebhook(target)
    control.setPriority("ENG-44", 1)
    yield* atLeast(1)
    assert.deepStrictEqual(
      received.map(({ body }) => JSON.parse(body).data.priority),
      [1]
    )
    setWebhook(null)
    control.setPriority("ENG-44", 2)
    assert.lengthOf(deliveries(), 1)
  })
)

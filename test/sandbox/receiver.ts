import * as Effect from "effect/Effect"
import { serve, type Request } from "../../src/sandbox/Upstream.ts"
import { eventually } from "../support/eventually.ts"

/** A receiver of webhooks that answers with the next of `statuses`, then with 200. */
export const receiver = Effect.fn("receiver")(function* (...statuses: Array<number>) {
  const received: Array<Request> = []
  const { url } = yield* serve({
    name: "Receiver",
    handler: (request) =>
      Effect.sync(() => {
        received.push(request)
        return { status: statuses.shift() ?? 200 }
      })
  })
  const atLeast = (count: number) =>
    eventually(
      `${count} webhooks`,
      Effect.sync(() => received),
      ({ length }) => length >= count
    )
  return { target: { url: `${url}/hooks`, secret: "s3cret" }, received, atLeast }
})

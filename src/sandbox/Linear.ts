import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { makeBudget, type Budget } from "./linear/Budget.ts"
import type { Actor } from "./linear/changes.ts"
import { withGaps } from "./linear/gaps.ts"
import { makeControl, type LinearControl } from "./linear/Control.ts"
import { controlRoutes } from "./linear/controlRoutes.ts"
import { describe } from "./linear/execute.ts"
import { handle, operationIn, unauthenticated } from "./linear/handle.ts"
import { issueMutations } from "./linear/mutations/issues.ts"
import { onIssueMutations } from "./linear/mutations/onIssues.ts"
import { setupMutations } from "./linear/mutations/setup.ts"
import { queries } from "./linear/queries.ts"
import { linearSchema } from "./linear/schema.ts"
import { plant, type Seed } from "./linear/seed.ts"
import { isoOf, type Store } from "./linear/Store.ts"
import { makeViews } from "./linear/views.ts"
import { webhookOf } from "./linear/webhook.ts"
import { serve, type Request, type Response } from "./Upstream.ts"
import { makeWebhooks, type Target, type WebhookControl } from "./Upstream/Webhooks.ts"

export type { LinearControl } from "./linear/Control.ts"
export type { IssueDraft, Seed } from "./linear/seed.ts"

export interface Options {
  readonly port?: number
  readonly apiKeys: ReadonlyArray<{ readonly key: string; readonly userId: string }>
  readonly seed: Seed
  readonly webhook?: Target
  /** Milliseconds until a failed webhook is sent again; by default a minute, an hour, six hours. */
  readonly webhookRetries?: ReadonlyArray<number>
}

export interface LocalLinear extends WebhookControl {
  readonly url: string
  readonly control: LinearControl
  readonly store: Store
}

const minute = 60_000
const asInLife = [minute, 60 * minute, 360 * minute]

const credentialOf = (request: Request): string => {
  const header = request.headers["authorization"] ?? ""
  return header.startsWith("Bearer ") ? header.slice("Bearer ".length) : header
}

/** A local Linear: its own schema, filters, limits and errors, over a workspace in memory. */
export const make = Effect.fn("LocalLinear.make")(function* (
  options: Options
): Effect.fn.Return<LocalLinear, never, Scope.Scope> {
  const clock = yield* Clock.Clock
  const now = () => clock.currentTimeMillisUnsafe()
  linearSchema()
  const store = plant(options.seed, now())
  const webhooks = yield* makeWebhooks(options.webhookRetries ?? asInLife, options.webhook ?? null)
  const budgets = new Map<string, Budget>(options.apiKeys.map(({ userId }) => [userId, makeBudget()]))
  const users = new Map(options.apiKeys.map(({ key, userId }) => [key, userId]))
  const actor = (userId: string): Actor => ({ store, userId, now: isoOf(now()) })
  const person = options.seed.users.find(({ id }) => !budgets.has(id)) ?? options.seed.users[0]
  const controlled = (common: Parameters<typeof makeControl>[0]) =>
    makeControl(
      common,
      () => actor(person?.id ?? ""),
      (change) => budgets.forEach((budget) => budget.set(change, now()))
    )

  const answer = (request: Request, violate: (message: string) => void): Response => {
    if (request.url.pathname !== "/graphql" || request.method !== "POST") {
      violate(`Linear has no ${request.method} ${request.url.pathname}.`)
      return { status: 404, body: { error: "Not found." } }
    }
    const userId = users.get(credentialOf(request))
    const budget = userId === undefined ? undefined : budgets.get(userId)
    if (userId === undefined || budget === undefined) return unauthenticated
    const look = () => makeViews(store, userId)
    const response = handle(
      {
        budget,
        violate,
        now: now(),
        roots: {
          query: () => queries(look(), budget, now()),
          mutation: () => ({
            ...issueMutations(actor(userId), look),
            ...onIssueMutations(actor(userId), look),
            ...setupMutations(actor(userId), look, webhooks.setWebhook)
          })
        }
      },
      request
    )
    return withGaps(response, store.hidden)
  }

  const { url, control } = yield* serve({
    name: "Linear",
    port: options.port,
    operationOf: (request) => {
      const operation = operationIn(request)
      return operation === undefined ? null : describe(operation.query)
    },
    handler: (request, { violate }) => Effect.sync(() => answer(request, violate)),
    control: (request, common) => controlRoutes(controlled(common), webhooks, request)
  })
  store.listeners.push((notice) => webhooks.send(() => webhookOf(store, notice)))
  return { url: `${url}/graphql`, control: controlled(control), store, ...webhooks }
})

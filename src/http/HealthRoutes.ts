import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import { Passes } from "../dispatching/poller/Passes.ts"
import { makePing } from "../platform/Sql/ping.ts"
import { Upstreams } from "../upstreams/health/Upstreams.ts"
import { Shutdown } from "./Shutdown.ts"

const checkTimeout = "3 seconds"

/** `/health/live`, `/health/ready` (can it serve?) and `/health` (is all well?, for alerting). */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const router = yield* HttpRouter.HttpRouter
    const ping = yield* makePing
    const passes = yield* Passes
    const upstreams = yield* Upstreams
    const shutdown = yield* Shutdown

    const orNull = <A>(self: Effect.Effect<A>) =>
      self.pipe(
        Effect.timeout(checkTimeout),
        Effect.catchCause((cause) =>
          Effect.as(Effect.logWarning("A part of the health could not be read", cause), null)
        )
      )

    const check = Effect.gen(function* () {
      const database = yield* ping.pipe(
        Effect.timeout(checkTimeout),
        Effect.match({ onFailure: () => "down" as const, onSuccess: () => "ok" as const })
      )
      const poller =
        database === "ok"
          ? yield* orNull(Effect.all({ state: passes.state, failing: passes.failing }, { concurrency: 2 }))
          : null
      const states = database === "ok" ? yield* orNull(upstreams.states) : null
      const failing = states?.some(({ state }) => state === "degraded" || state === "down") ?? true
      const degraded =
        database !== "ok" || poller === null || poller.state.state === "stuck" || poller.failing || failing
      return {
        status: degraded ? ("degraded" as const) : ("ok" as const),
        database,
        poller: poller && {
          state: poller.state.state,
          failing: poller.failing,
          lastGoodAt: poller.state.lastGoodAt && DateTime.formatIso(poller.state.lastGoodAt)
        },
        upstreams:
          states?.map(({ name, since, state }) => ({ name, state, since: DateTime.formatIso(since) })) ?? null
      }
    })

    yield* router.add("GET", "/health/live", HttpServerResponse.jsonUnsafe({ status: "ok" }))
    yield* router.add(
      "GET",
      "/health/ready",
      Effect.gen(function* () {
        const body = yield* check
        const ready = body.database === "ok" && !(yield* shutdown.isBegun)
        return HttpServerResponse.jsonUnsafe(body, { status: ready ? 200 : 503 })
      })
    )
    yield* router.add(
      "GET",
      "/health",
      Effect.map(check, (body) =>
        HttpServerResponse.jsonUnsafe(body, { status: body.status === "ok" ? 200 : 503 })
      )
    )
  })
)

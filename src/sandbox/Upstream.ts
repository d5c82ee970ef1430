import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { type Action, type Control, makeRecorder, type Recorder } from "./Upstream/Control.ts"
import type { Request, Response } from "./Upstream/messages.ts"
import { controlRoutes } from "./Upstream/routes.ts"
import { drop, end, endless, inflated, readBody, truncate } from "./Upstream/wire.ts"

export type { Action, Control, Met } from "./Upstream/Control.ts"

export type { Request, Response } from "./Upstream/messages.ts"

export type Handler = (request: Request, control: Control) => Effect.Effect<Response>

export interface Options {
  readonly name: string
  readonly port?: number | undefined
  readonly operationOf?: (request: Request) => string | null
  readonly handler: Handler
  /** The upstream's own routes under `/_control`; undefined passes the request to the common ones. */
  readonly control?: (request: Request, control: Control) => Effect.Effect<Response | undefined>
}

export interface Upstream {
  readonly url: string
  readonly control: Control
}

const toRequest = (message: IncomingMessage, body: string): Request => ({
  method: message.method ?? "GET",
  url: new URL(message.url ?? "/", `http://${message.headers.host ?? "127.0.0.1"}`),
  headers: Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? "")
    ])
  ),
  body
})

const died = (options: Options, control: Control, cause: Cause.Cause<never>) =>
  Cause.hasInterruptsOnly(cause)
    ? Effect.failCause(cause)
    : Effect.sync((): Response => {
        control.violate(`${options.name} died: ${Cause.pretty(cause)}`)
        return { status: 500, body: { message: "The local upstream died." } }
      })

const before = Effect.fnUntraced(function* (action: Action | undefined, message: IncomingMessage) {
  switch (action?._tag) {
    case "status":
      return action
    case "delay":
      return yield* Effect.as(Effect.sleep(action.millis), undefined)
    case "hang":
      return yield* Effect.never
    case "reset":
      return yield* drop(message)
  }
  return undefined
})

const answer = Effect.fnUntraced(function* (
  action: Action | undefined,
  untilLetGo: Effect.Effect<void>,
  message: IncomingMessage,
  response: ServerResponse,
  value: Response
) {
  switch (action?._tag) {
    case "resetAfter":
      return yield* drop(message)
    case "hangAfter":
      return yield* Effect.never
    case "holdAfter":
      yield* untilLetGo
      break
    case "statusAfter":
      return yield* end(response, action)
    case "malformed":
      return yield* end(response, {
        ...value,
        headers: { ...value.headers, "content-type": "application/json; charset=utf-8" },
        body: '{"data": <!doctype'
      })
    case "truncate":
      return yield* truncate(response, value)
    case "endless":
      return yield* endless(response)
    case "inflated":
      return yield* end(response, inflated(action.mebibytes))
  }
  return yield* end(response, value)
})

const serveOne = Effect.fnUntraced(function* (
  options: Options,
  recorder: Recorder,
  message: IncomingMessage,
  response: ServerResponse
) {
  const { control } = recorder
  const body = yield* readBody(message)
  if (body === undefined) {
    return yield* end(response, { status: 413, body: { message: "Request body too large." } })
  }
  const request = toRequest(message, body)
  if (request.url.pathname.startsWith("/_control/")) {
    const own = options.control === undefined ? undefined : yield* options.control(request, control)
    return yield* end(response, own ?? (yield* controlRoutes(control, request)))
  }
  const { call, finish } = recorder.begin({
    at: yield* Clock.currentTimeMillis,
    method: request.method,
    path: request.url.pathname + request.url.search,
    operation: options.operationOf?.(request) ?? null
  })
  const action = yield* recorder.takeFault(call, request.body)
  if (recorder.latency() > 0) yield* Effect.sleep(recorder.latency())
  const value = (yield* before(action, message)) ?? (yield* options.handler(request, control))
  const status = yield* answer(action, recorder.untilLetGo(call), message, response, value)
  finish(status)
})

/** A local upstream on 127.0.0.1. A client that disconnects interrupts its own request. */
export const serve = Effect.fn("Upstream.serve")(function* (
  options: Options
): Effect.fn.Return<Upstream, never, Scope.Scope> {
  const recorder = makeRecorder()
  const run = yield* FiberSet.makeRuntime()
  const server = yield* Effect.acquireRelease(
    Effect.sync(() =>
      createServer((message, response) => {
        const fiber = run(
          serveOne(options, recorder, message, response).pipe(
            Effect.catchCause((cause) =>
              Effect.flatMap(died(options, recorder.control, cause), (value) => end(response, value))
            )
          )
        )
        response.on("close", () => fiber.interruptUnsafe())
      })
    ),
    (server) =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      })
  )
  const port = yield* Effect.callback<number>((resume) => {
    server.once("error", (cause) => resume(Effect.die(cause)))
    server.listen(options.port ?? 0, "127.0.0.1", () => {
      const address = server.address()
      resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
    })
  })
  return { url: `http://127.0.0.1:${port}`, control: recorder.control }
})

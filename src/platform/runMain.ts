import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Cause from "effect/Cause"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Runtime from "effect/Runtime"
import * as Schema from "effect/Schema"

const interrupted = 130
const oldest = 24

class NodeTooOld extends Schema.TaggedError<NodeTooOld>()("NodeTooOld", { message: Schema.String }) {}

const checkNode = Effect.suspend(() =>
  Number(process.versions.node.split(".")[0]) >= oldest
    ? Effect.void
    : new NodeTooOld({
        message: `Node ${process.versions.node} is too old: ${oldest} or newer is needed. Start through npm (npm start), which brings its own.`
      })
)

const sayWhy = (cause: Cause.Cause<unknown>) => {
  if (Cause.hasInterruptsOnly(cause)) return Effect.void
  const error = Option.getOrNull(Cause.findErrorOption(cause))
  if (Predicate.hasProperty(error, Runtime.errorReported)) return Effect.void
  const said = Predicate.hasProperty(error, "message")
    ? Effect.logFatal(error.message)
    : Effect.logFatal(cause)
  return Effect.provide(said, formatOfFailures)
}

// Before the configuration is decoded, and also where it cannot be.
const formatOfFailures = Layer.unwrap(
  Effect.map(Effect.option(Config.String("LOG_FORMAT")), (format) =>
    Option.contains(format, "json") ? Logger.layer([Logger.consoleJson]) : Layer.empty
  )
)

// A supervisor that stops the service with SIGTERM takes any other code for a failure.
const makeTeardown = (): Runtime.Teardown => {
  let terminated = false
  process.once("SIGTERM", () => {
    terminated = true
  })
  return (exit, onExit) =>
    Runtime.defaultTeardown(exit, (code) =>
      onExit(terminated && code === interrupted ? Number(process.exitCode ?? 0) : code)
    )
}

/** Runs the process: an expected fault is one plain sentence and exit code 1; SIGTERM ends it with 0, SIGINT with 130. */
export const runMain = <A, E>(main: Effect.Effect<A, E>) =>
  checkNode.pipe(
    Effect.andThen(main),
    Effect.tapCause(sayWhy),
    NodeRuntime.runMain({ disableErrorReporting: true, teardown: makeTeardown() })
  )

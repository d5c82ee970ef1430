import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Runtime from "effect/Runtime"
import * as Schema from "effect/Schema"

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
  return Predicate.hasProperty(error, "message") ? Effect.logFatal(error.message) : Effect.logFatal(cause)
}

/** Runs the process: an expected fault is one plain sentence and exit code 1; a process signal ends it cleanly. */
export const runMain = <A, E>(main: Effect.Effect<A, E>) =>
  checkNode.pipe(
    Effect.andThen(main),
    Effect.tapCause(sayWhy),
    NodeRuntime.runMain({ disableErrorReporting: true })
  )

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { call } from "./call.ts"
import { columns, minute, show } from "./show.ts"

const destroy = Command.make(
  "destroy",
  { machine: Argument.String("machine").pipe(Argument.withDescription("The id of a machine")) },
  Effect.fn(function* ({ machine }) {
    const answer = yield* call((client) => client.sessions.destroy({ params: { machineId: machine } }))
    yield* show(answer, [
      answer.destroyed
        ? `Machine ${machine} is destroyed.`
        : `Accepted: machine ${machine} is being destroyed.`,
      ...columns(answer.effects.map(({ done, effect }) => [effect, done ? "done" : "still to be done"]))
    ])
  })
).pipe(Command.withDescription("Destroy a machine, remove its label and clear dedup"))

export const sessions = Command.make(
  "sessions",
  {},
  Effect.fn(function* () {
    const all = yield* call((client) => client.sessions.list())
    yield* show(
      all,
      all.length === 0
        ? ["No machine runs."]
        : columns(
            all.map((each) => [
              each.machineId,
              each.state,
              each.region,
              each.issueIdentifier ?? "",
              minute(each.createdAt)
            ])
          )
    )
  })
).pipe(Command.withDescription("The machines that run issues"), Command.withSubcommands([destroy]))

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { call } from "./call.ts"
import { show } from "./show.ts"
import { TeamKey } from "../domain/Ids.ts"

const pollingOnly = Command.make(
  "polling-only",
  { off: Flag.Boolean("off").pipe(Flag.withDescription("Take it back"), Flag.withDefault(false)) },
  Effect.fn(function* ({ off }) {
    const answer = yield* call((client) => client.setup.setPollingOnly({ payload: { pollingOnly: !off } }))
    yield* show(answer, [
      off ? "The set-up asks for an address and webhooks." : "The set-up asks for no address and no webhooks."
    ])
  })
).pipe(Command.withDescription("Run without webhooks and without reports of runs, on purpose"))

const team = Argument.String("team").pipe(
  Argument.withSchema(TeamKey),
  Argument.withDescription("The key of a Linear team, such as ENG")
)

const label = Command.make(
  "label",
  { team },
  Effect.fn(function* ({ team }) {
    const answer = yield* call((client) => client.setup.createLabel({ payload: { teamKey: team } }))
    yield* show(answer, [answer.created ? "The label is created." : "The label is there."])
  })
).pipe(Command.withDescription("Create the pickup label of a team in Linear, where it is missing"))

const testIssue = Command.make(
  "test-issue",
  { team },
  Effect.fn(function* ({ team }) {
    const issue = yield* call((client) => client.setup.createTestIssue({ payload: { teamKey: team } }))
    yield* show(issue, [`${issue.identifier} is created, and a pass begins now: ${issue.url}`])
  })
).pipe(Command.withDescription("Create an issue with the pickup label, to see its pull request come"))

export const setup = Command.make("setup").pipe(
  Command.withSubcommands([pollingOnly, label, testIssue]),
  Command.withDescription("Steps of the set-up that need no browser")
)

import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"

export const root = Command.make("ai-implement").pipe(
  Command.withDescription("AI-Implement from the command line"),
  Command.withSharedFlags({
    url: Flag.String("url").pipe(
      Flag.withDescription("Where the service is; else where you signed in last, else here on PORT"),
      Flag.optional
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Print JSON, as the API has it"),
      Flag.withDefault(false)
    )
  })
)

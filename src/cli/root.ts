import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"

/** What every command takes. */
export const root = Command.make("ai-implement").pipe(
  Command.withDescription("AI-Implement from the command line"),
  Command.withSharedFlags({
    url: Flag.String("url").pipe(
      Flag.withDescription("Where the service is; else where you signed in last, else http://127.0.0.1:8080"),
      Flag.optional
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Print JSON, as the API has it"),
      Flag.withDefault(false)
    )
  })
)

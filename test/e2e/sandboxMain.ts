import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { demo, welcome } from "../../src/sandbox/demo.ts"
import { runMain } from "../../src/platform/runMain.ts"

const overrides = Schema.Struct({ NOTIFY_WEBHOOK_URL: Schema.optionalKey(Schema.String) })

/** `npm run sandbox` with the overrides that a test gives as JSON. */
runMain(
  Schema.decodeEffect(Schema.fromJsonString(overrides))(process.argv[2] ?? "{}").pipe(
    Effect.flatMap((given) => demo({ POLL_INTERVAL_MS: "1000", ...given })),
    Effect.flatMap(welcome),
    Effect.andThen(Effect.never),
    Effect.scoped
  )
)

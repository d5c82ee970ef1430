import * as Config from "effect/Config"
import * as Effect from "effect/Effect"

const forService = ["PORT", "HOST", "ADMIN_ACCESS_CODE", "LOG_LEVEL", "LOG_FORMAT"]

const text = (name: string) =>
  Config.String(name).pipe(
    Config.withDefault(""),
    Config.map((value) => value.trim())
  )

/** The only settings that the sandbox reads, so that no setting of a service reaches it. */
export const settings = Effect.gen(function* () {
  const service: Record<string, string> = {}
  for (const name of forService) {
    const value = yield* text(name)
    if (value !== "") service[name] = value
  }
  return {
    service,
    directory: (yield* text("SANDBOX_DIR")) || ".data/sandbox",
    speed: yield* Config.Finite("SANDBOX_SPEED").pipe(Config.withDefault(1))
  }
})

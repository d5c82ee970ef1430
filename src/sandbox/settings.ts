import * as Config from "effect/Config"
import * as Effect from "effect/Effect"

const forService = ["PORT", "HOST", "ADMIN_ACCESS_CODE", "LOG_LEVEL", "LOG_FORMAT"]

const text = (name: string) =>
  Config.String(name).pipe(
    Config.withDefault(""),
    Config.map((value) => value.trim())
  )

const agentModes = ["program", "mixed", "simulated"] as const
export type AgentMode = (typeof agentModes)[number]

/** The only settings that the sandbox reads, so that no setting of a service reaches it. */
export const settings = Effect.gen(function* () {
  const service: Record<string, string> = {}
  for (const name of forService) {
    const value = yield* text(name)
    if (value !== "") service[name] = value
  }
  const speed = yield* Config.Finite("SANDBOX_SPEED").pipe(Config.withDefault(1))
  return {
    service,
    directory: (yield* text("SANDBOX_DIR")) || ".data/sandbox",
    speed,
    // The program takes seconds whatever the speed is.
    agent: yield* Config.Literals(agentModes, "SANDBOX_AGENT").pipe(
      Config.withDefault<AgentMode>(speed > 1 ? "simulated" : "mixed")
    )
  }
})

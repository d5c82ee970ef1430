import type { Mapping } from "../../domain/Mapping.ts"
import { effectiveExecutionMode, RunnerMode } from "../../domain/Modes.ts"
import type { Overview } from "../../domain/Overview.ts"
import type { ConnectionTestSubject } from "../../domain/ConnectionTest.ts"
import * as Schema from "effect/Schema"

const isRunnerMode = Schema.is(RunnerMode)

/** Configured connections that can be tested without side effects, and whether a dispatch needs each. */
export const connectionTestsOf = (
  { settings, setup }: Pick<Overview, "settings" | "setup">,
  mappings: ReadonlyArray<Pick<Mapping, "executionMode">>
): ReadonlyArray<{ readonly what: ConnectionTestSubject; readonly needed: boolean }> => {
  const isMissing = (name: string) => setup.some(({ setting }) => setting === name)
  const isSet = (name: string) => settings.some((setting) => setting.name === name)
  const mode = settings.find(({ name }) => name === "RUNNER_MODE")?.value
  const runnerMode = isRunnerMode(mode) ? mode : "default"
  const onFly = mappings.some(
    ({ executionMode }) => effectiveExecutionMode(executionMode, runnerMode) === "fly-machines"
  )
  const fly = ["FLY_SESSIONS_TOKEN", "FLY_SESSIONS_APP"]
  return [
    ...(isMissing("LINEAR_API_KEY") ? [] : [{ what: "linear" as const, needed: true }]),
    ...(isMissing("GITHUB_APP_ID") || isMissing("GITHUB_APP_PRIVATE_KEY")
      ? []
      : [{ what: "github" as const, needed: true }]),
    ...(fly.some(isMissing) || !fly.some(isSet) ? [] : [{ what: "fly" as const, needed: onFly }])
  ]
}

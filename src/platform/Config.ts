import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { environment, type Environment, secretNames } from "./Config/environment.ts"

export interface Setting {
  readonly name: string
  readonly value: string
  readonly source: "env" | "default"
}

class ConfigInvalid extends Schema.TaggedError<ConfigInvalid>()("ConfigInvalid", {
  message: Schema.String
}) {}

/** The effective configuration: the only reader of the environment. */
export class AppConfig extends Context.Service<
  AppConfig,
  Omit<Environment, "POLL_INTERVAL_MS" | "MAX_PASS_SECONDS"> & {
    readonly pollInterval: Duration.Duration
    readonly maxPass: Duration.Duration
    /** Effective settings without secrets, and their sources. */
    readonly settings: ReadonlyArray<Setting>
  }
>()("ai-implement/platform/Config/AppConfig") {
  static readonly layer = Layer.effect(
    AppConfig,
    Effect.gen(function* () {
      const given: Record<string, string> = {}
      for (const name of Object.keys(environment.fields)) {
        const value = yield* Config.option(Config.String(name)).pipe(Effect.orDie)
        if (Option.isSome(value) && value.value.trim() !== "") given[name] = value.value
      }
      const decoded = yield* Schema.decodeEffect(environment, { errors: "all" })(given).pipe(
        Effect.mapError((error) => new ConfigInvalid({ message: explain(error.issue) }))
      )
      const settings = Object.entries(decoded).flatMap(([name, value]): ReadonlyArray<Setting> => {
        const source = name in given ? "env" : "default"
        if (value === null) return []
        if (secretNames.has(name) || Redacted.isRedacted(value)) return [{ name, value: "(set)", source }]
        return [{ name, value: String(value), source }]
      })
      return AppConfig.of({
        ...decoded,
        pollInterval: Duration.millis(decoded.POLL_INTERVAL_MS),
        maxPass: Duration.seconds(decoded.MAX_PASS_SECONDS),
        settings
      })
    })
  )
}

const format = SchemaIssue.makeFormatterStandardSchemaV1()

const explain = (issue: SchemaIssue.Issue) => {
  const lines = format(issue).issues.map(
    (each) => `  ${each.path?.map(String).join(".") ?? ""} ${each.message}`
  )
  return `The environment has ${lines.length === 1 ? "a setting" : "settings"} that cannot be used:\n${lines.join("\n")}\nNothing was started. Correct or unset ${lines.length === 1 ? "it" : "them"} and start again.`
}

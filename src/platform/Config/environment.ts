import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { RunnerMode } from "../../domain/Modes.ts"
import { flyApp, flyRegion } from "../../domain/Settings.ts"

const int = (minimum: number, maximum: number) =>
  Schema.String.check(Schema.isPattern(/^\d{1,12}$/, { message: "must be a whole number" })).pipe(
    Schema.decodeTo(
      Schema.Int.check(
        Schema.isBetween({ minimum, maximum }, { message: `must be between ${minimum} and ${maximum}` })
      ),
      SchemaTransformation.transform({ decode: Number, encode: String })
    )
  )

const url = Schema.String.check(
  Schema.makeFilter<string>((text) => /^https?:\/\/[^\s?#]+$/.test(text) && URL.canParse(text), {
    message: "must be an http:// or https:// address without query"
  })
).pipe(
  Schema.decode(
    SchemaTransformation.transform({
      decode: (text: string) => text.replace(/\/+$/, ""),
      encode: (text) => text
    })
  )
)

const webhookUrl = Schema.String.check(
  Schema.makeFilter<string>((text) => /^https?:\/\/\S+$/.test(text) && URL.canParse(text), {
    message: "must be the http:// or https:// address of a webhook"
  })
)

const text = Schema.String.check(Schema.isTrimmed({ message: "must not begin or end with a space" }))

const flag = Schema.Literals(["true", "false", "1", "0"]).pipe(
  Schema.decodeTo(
    Schema.Boolean,
    SchemaTransformation.transform({
      decode: (word) => word === "true" || word === "1",
      encode: (on): "true" | "false" => (on ? "true" : "false")
    })
  )
)

const secret = Schema.RedactedFromValue(Schema.String)

const privateKey = Schema.String.pipe(
  Schema.decode(
    SchemaTransformation.transform({
      decode: (pem: string) => pem.replaceAll("\\n", "\n"),
      encode: (pem) => pem
    })
  )
).check(
  Schema.makeFilter<string>(
    (pem) => /^-----BEGIN [A-Z ]*PRIVATE KEY-----\n[\s\S]+-----END/.test(pem.trim()),
    {
      message: "must be the PEM text of the App's private key (real or \\n-escaped newlines)"
    }
  )
)

const withDefault = <S extends Schema.Top>(schema: S, value: S["Encoded"]) =>
  schema.pipe(Schema.withDecodingDefaultKey(Effect.succeed(value)))

const optional = <S extends Schema.Top>(schema: S) =>
  Schema.NullOr(schema).pipe(Schema.withDecodingDefaultKey(Effect.succeed(null)))

/** Every environment variable the service reads, decoded. Unset optional ones are null. */
export const environment = Schema.Struct({
  PORT: withDefault(int(0, 65_535), "8080"),
  HOST: withDefault(text, "0.0.0.0"),
  PUBLIC_URL: optional(url),
  DATABASE_URL: optional(
    Schema.RedactedFromValue(
      Schema.String.check(
        Schema.isPattern(/^postgres(ql)?:\/\//, { message: "must begin with postgres:// or postgresql://" })
      )
    )
  ),
  DATABASE_CONNECTIONS: withDefault(int(5, 1000), "10"),
  DATA_DIR: withDefault(text, ".data"),
  ADMIN_ACCESS_CODE: optional(secret),
  LINEAR_API_KEY: optional(secret),
  LINEAR_API_URL: withDefault(url, "https://api.linear.app/graphql"),
  LINEAR_WEBHOOK_SECRET: optional(secret),
  PICKUP_LABEL: withDefault(text.check(Schema.isMaxLength(80)), "AI-Implement"),
  POLL_INTERVAL_MS: withDefault(int(1000, 86_400_000), "60000"),
  MAX_PASS_SECONDS: withDefault(int(5, 3600), "120"),
  MAX_DISPATCHES_PER_HOUR: withDefault(int(0, 100_000), "60"),
  GITHUB_APP_ID: optional(
    Schema.String.check(Schema.isPattern(/^\d+$/, { message: "must be the App's number" }))
  ),
  GITHUB_APP_PRIVATE_KEY: optional(Schema.RedactedFromValue(privateKey)),
  GITHUB_API_URL: withDefault(url, "https://api.github.com"),
  GITHUB_WEBHOOK_SECRET: optional(secret),
  RUNNER_MODE: optional(RunnerMode),
  FLY_SESSIONS_TOKEN: optional(secret),
  FLY_SESSIONS_APP: optional(flyApp),
  FLY_SESSIONS_REGION: optional(flyRegion),
  SESSION_IMAGE: optional(text),
  ANTHROPIC_API_KEY: optional(secret),
  CLAUDE_CODE_OAUTH_TOKEN: optional(secret),
  FLY_API_URL: withDefault(url, "https://api.machines.dev/v1"),
  FLY_APP_NAME: optional(text),
  FLY_PRIVATE_IP: optional(text),
  NOTIFY_TYPE: withDefault(Schema.Literals(["slack", "teams"]), "slack"),
  NOTIFY_WEBHOOK_URL: optional(Schema.RedactedFromValue(webhookUrl)),
  REAPER_DRY_RUN: withDefault(flag, "false"),
  ORCHESTRATOR_ID: optional(
    Schema.String.check(
      Schema.isPattern(/^[A-Za-z0-9._-]{1,64}$/, {
        message: "must be letters, digits, '.', '_' and '-', at most 64"
      })
    )
  ),
  GITHUB_OIDC_ISSUER: withDefault(url, "https://token.actions.githubusercontent.com"),
  RETENTION_DAYS: withDefault(int(1, 3650), "90"),
  TRUST_PROXY: withDefault(int(0, 10), "0"),
  METRICS_TOKEN: optional(secret),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(url),
  LOG_LEVEL: withDefault(Schema.Literals(["debug", "info", "warn", "error"]), "info"),
  LOG_FORMAT: withDefault(Schema.Literals(["pretty", "json"]), "pretty"),
  CLUSTER_ADDRESS: optional(text),
  CLUSTER_PORT: optional(int(1, 65_535))
}).check(
  Schema.makeFilter((env) =>
    env.FLY_SESSIONS_APP !== null && env.FLY_SESSIONS_APP === env.FLY_APP_NAME
      ? {
          path: ["FLY_SESSIONS_APP"],
          issue: "must not be the app of this service: name another app for the session machines"
        }
      : undefined
  )
)
export type Environment = typeof environment.Type

/** Settings whose value is never shown. */
export const secretNames: ReadonlySet<string> = new Set([
  "DATABASE_URL",
  "ADMIN_ACCESS_CODE",
  "LINEAR_API_KEY",
  "LINEAR_WEBHOOK_SECRET",
  "GITHUB_APP_PRIVATE_KEY",
  "GITHUB_WEBHOOK_SECRET",
  "FLY_SESSIONS_TOKEN",
  "ANTHROPIC_API_KEY",
  "CLAUDE_CODE_OAUTH_TOKEN",
  "NOTIFY_WEBHOOK_URL",
  "METRICS_TOKEN"
])

/** The value of a secret setting, or null while it is unset or blank. */
export const reveal = (value: Redacted.Redacted<string> | null) =>
  value === null ? null : Redacted.value(value)

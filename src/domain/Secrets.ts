import * as Schema from "effect/Schema"
import { breaksEnvironment, isReservedName, providerCredentials } from "./ExtraEnv.ts"
import { JsonTimestamp, someText } from "./Text.ts"

/** Letters, digits and underscores, in the case that was given. */
export const SecretName = someText(128).check(
  Schema.isPattern(/^[A-Za-z0-9_]+$/, { message: "must be letters, digits and underscores" })
)

const maxBytes = 64 * 1024

const value = Schema.RedactedFromValue(
  someText(maxBytes).check(
    Schema.makeFilter<string>((text) => new TextEncoder().encode(text).length <= maxBytes, {
      message: "must be at most 64 KiB"
    })
  )
)

const reserved = "is reserved for the runner; choose another name"

/** A secret of all teams. Write-only: its value is never returned. */
export const GlobalSecretInput = Schema.Struct({
  name: SecretName.check(
    Schema.makeFilter<string>((name) => !/^\d/.test(name), { message: "must not begin with a digit" }),
    Schema.makeFilter<string>(
      (name) => !isReservedName(name) || providerCredentials.has(name.toUpperCase()),
      {
        message: reserved
      }
    )
  ),
  value
})
export type GlobalSecretInput = typeof GlobalSecretInput.Type

/** A secret of one team. Write-only: its value is never returned. */
export const TeamSecretInput = Schema.Struct({
  name: SecretName.check(
    Schema.makeFilter<string>((name) => !breaksEnvironment(name), { message: reserved })
  ),
  value
})
export type TeamSecretInput = typeof TeamSecretInput.Type

/** A secret of the sessions' app. `unmanaged`: not set here, so machines do not receive it. */
export const Secret = Schema.Struct({
  name: Schema.String,
  digest: Schema.NullOr(Schema.String),
  createdAt: Schema.optionalKey(JsonTimestamp),
  updatedAt: Schema.optionalKey(JsonTimestamp),
  unmanaged: Schema.Boolean
})
export type Secret = typeof Secret.Type

export const SecretSet = Schema.Struct({
  name: Schema.String,
  /** Why a machine may not be able to use it. */
  warning: Schema.optionalKey(Schema.String)
})
export type SecretSet = typeof SecretSet.Type

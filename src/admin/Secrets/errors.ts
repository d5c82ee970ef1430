import * as Schema from "effect/Schema"
import type { TeamKey } from "../../domain/Ids.ts"

/** Fly is not configured, so it cannot store secrets. */
export class SecretsUnavailable extends Schema.TaggedError<SecretsUnavailable>()("SecretsUnavailable", {
  message: Schema.String
}) {}

export class SecretNotFound extends Schema.TaggedError<SecretNotFound>()("SecretNotFound", {
  message: Schema.String
}) {}

/** The name belongs to a team. */
export class SecretNameTaken extends Schema.TaggedError<SecretNameTaken>()("SecretNameTaken", {
  message: Schema.String
}) {}

export const notConfigured = (missing: ReadonlyArray<string>) =>
  new SecretsUnavailable({
    message: `Secrets are stored in the Fly app of the sessions, and ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not set. Nothing was changed. Set what is missing and restart.`
  })

export const notThere = (name: string, teamKey: TeamKey | null) =>
  new SecretNotFound({
    message: `${teamKey === null ? "There is no global secret" : `${teamKey} has no secret`} ${name}. Nothing was changed.`
  })

export const ofTeam = (name: string, teamKey: TeamKey) =>
  new SecretNameTaken({
    message: `begins with ${teamKey}_, the prefix of the secrets of the mapped team ${teamKey}; set it there as ${name.slice(teamKey.length + 1)}, or choose another name`
  })

import { isReservedName } from "../domain/ExtraEnv.ts"
import type { Variables } from "./environment.ts"

/** The one credential of the model that the agent receives. */
export interface ModelCredential {
  /** Shown in the log and in reasons; its value never is. */
  readonly name: "AWS_BEARER_TOKEN_BEDROCK" | "CLAUDE_CODE_OAUTH_TOKEN" | "ANTHROPIC_API_KEY" | "AWS role"
  readonly variables: Readonly<Record<string, string>>
}

const roleNames = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] as const
const regionNames = ["AWS_REGION", "AWS_DEFAULT_REGION"] as const

const pick = (variables: Variables, names: ReadonlyArray<string>) =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = variables[name]
      return value === undefined || value === "" ? [] : [[name, value] as const]
    })
  )

const bedrockCredential = (variables: Variables): ModelCredential | null => {
  const region = pick(variables, regionNames)
  const bedrock = pick(variables, ["AWS_BEARER_TOKEN_BEDROCK"])
  if (Object.keys(bedrock).length > 0) {
    return {
      name: "AWS_BEARER_TOKEN_BEDROCK",
      variables: { ...bedrock, ...region, CLAUDE_CODE_USE_BEDROCK: "1" }
    }
  }
  const role = pick(variables, roleNames)
  if (Object.keys(role).length === roleNames.length) {
    return { name: "AWS role", variables: { ...role, ...region, CLAUDE_CODE_USE_BEDROCK: "1" } }
  }
  return null
}

const anthropicCredential = (variables: Variables): ModelCredential | null => {
  for (const name of ["CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_API_KEY"] as const) {
    const found = pick(variables, [name])
    if (Object.keys(found).length > 0) return { name, variables: found }
  }
  return null
}

/** Bedrock, then the OAuth token, then the API key, of the `provider` where one is named; null when there is none. */
export const modelCredential = (variables: Variables, provider = ""): ModelCredential | null =>
  (provider === "anthropic" ? null : bedrockCredential(variables)) ??
  (provider === "bedrock" ? null : anthropicCredential(variables))

const machineNames = new Set(["PATH", "HOME", "SHELL", "USER", "CI", "LANG", "TZ", "TERM", "TMPDIR"])
const credentialNames = new Set(["GITHUB_TOKEN", "GH_TOKEN", "GH_ENTERPRISE_TOKEN", "SSH_AUTH_SOCK"])
const modelNames = new Set(["CLAUDE_CODE_USE_BEDROCK", "ANTHROPIC_AUTH_TOKEN", "LD_PRELOAD", "NODE_OPTIONS"])

const isInherited = (name: string) => {
  const upper = name.toUpperCase()
  if (machineNames.has(upper) || upper === "ANTHROPIC_BASE_URL") return true
  return !isReservedName(upper) && !credentialNames.has(upper) && !modelNames.has(upper)
}

const extraEnvOf = (text: string): Record<string, string> => {
  if (text === "") return {}
  const parsed: unknown = JSON.parse(text)
  if (typeof parsed !== "object" || parsed === null) return {}
  return Object.fromEntries(
    Object.entries(parsed).flatMap(([name, value]) =>
      typeof value === "string" && !isReservedName(name) ? [[name, value] as const] : []
    )
  )
}

/** What a hook sees: nothing of the service, of GitHub or of the model, and the mapping's `extraEnv`. */
export const scrubbed = (variables: Variables, extraEnv = ""): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value !== undefined && isInherited(name) ? [[name, value] as const] : []
    )
  ),
  ...extraEnvOf(extraEnv)
})

import * as Schema from "effect/Schema"
import { text } from "./Text.ts"

/** The credentials of an agent for its model. */
export const providerCredentials: ReadonlySet<string> = new Set([
  "ANTHROPIC_API_KEY",
  "CLAUDE_CODE_OAUTH_TOKEN"
])

const breaking = new Set([
  "BASH_ENV",
  "CI",
  "ENV",
  "HOME",
  "IFS",
  "LD_LIBRARY_PATH",
  "LD_PRELOAD",
  "NODE_OPTIONS",
  "PATH",
  "SHELL",
  "USER"
])
const breakingPrefixes = ["AI_IMPLEMENT_", "FLY_"]
const reservedPrefixes = ["GITHUB_", "RUNNER_", "ACTIONS_", "AWS_", "INPUT_"]

const begins = (name: string, prefixes: ReadonlyArray<string>) =>
  prefixes.some((prefix) => name.startsWith(prefix))

/** Names that a machine or our program on it needs with their own values. */
export const breaksEnvironment = (name: string) => {
  const upper = name.toUpperCase()
  return breaking.has(upper) || begins(upper, breakingPrefixes)
}

/** Names that the runner owns and `extraEnv` may not set. */
export const isReservedName = (name: string) => {
  const upper = name.toUpperCase()
  return (
    breaksEnvironment(upper) ||
    providerCredentials.has(upper) ||
    upper === "GH_TOKEN" ||
    begins(upper, reservedPrefixes)
  )
}

const maxNames = 64

/** Environment variables handed to every run of a mapping; values ≤ 16 KiB, ≤ 64 names. */
export const ExtraEnv = Schema.Record(Schema.String, text(16_384)).check(
  Schema.makeFilter<Record<string, string>>((env) => {
    const names = Object.keys(env)
    if (names.length > maxNames) return `must hold at most ${maxNames} names`
    const issues: Array<Schema.FilterIssue> = []
    for (const name of names) {
      if (name.length > 128 || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        issues.push({
          path: [name],
          issue: "must be a letter or underscore, then letters, digits or underscores"
        })
      } else if (isReservedName(name)) {
        issues.push({ path: [name], issue: "is reserved for the runner; choose another name" })
      }
    }
    return issues.length === 0 ? undefined : issues
  })
)
export type ExtraEnv = typeof ExtraEnv.Type

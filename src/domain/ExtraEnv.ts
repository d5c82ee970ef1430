import * as Schema from "effect/Schema"
import { text } from "./Text.ts"

const reserved = new Set([
  "ANTHROPIC_API_KEY",
  "CLAUDE_CODE_OAUTH_TOKEN",
  "GITHUB_TOKEN",
  "GH_TOKEN",
  "HOME",
  "LD_LIBRARY_PATH",
  "LD_PRELOAD",
  "NODE_OPTIONS",
  "PATH",
  "SHELL",
  "USER",
  "BASH_ENV",
  "ENV",
  "IFS",
  "CI"
])
const reservedPrefixes = ["AI_IMPLEMENT_", "GITHUB_", "RUNNER_", "ACTIONS_", "FLY_", "AWS_", "INPUT_"]

/** Names that the runner owns and `extraEnv` may not set. */
export const isReservedName = (name: string) => {
  const upper = name.toUpperCase()
  return reserved.has(upper) || reservedPrefixes.some((prefix) => upper.startsWith(prefix))
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

import { assert, describe, it } from "@effect/vitest"
import { ExtraEnv, isReservedName } from "../../src/domain/ExtraEnv.ts"
import { decode } from "../support/schema.ts"

const names = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`NAME_${index}`, ""]))

describe("extraEnv takes", () => {
  const table: ReadonlyArray<readonly [string, Readonly<Record<string, string>>]> = [
    ["nothing", {}],
    ["letters, digits and underscores", { A: "1", _b: "2", MY_TOKEN_2: "3" }],
    ["any text as a value", { QUERY: "a=b\n✓ 🚀", EMPTY: "" }],
    ["values of 16 KiB", { LONG: "x".repeat(16_384) }],
    ["64 names", names(64)],
    ["names of 128 characters", { ["N".repeat(128)]: "" }],
    ["names that only look like the runner's", { MY_GITHUB_TOKEN: "", PATHS: "", AWSOME: "", HOMEPAGE: "" }]
  ]
  for (const [name, env] of table) it(name, () => assert.deepStrictEqual(decode(ExtraEnv, env), env))
})

describe("extraEnv refuses", () => {
  const shape = "must be a letter or underscore, then letters, digits or underscores"
  const reserved = "is reserved for the runner; choose another name"
  const table: ReadonlyArray<readonly [string, unknown, ReadonlyArray<string>]> = [
    ["a name that begins with a digit", { "1A": "" }, [`1A: ${shape}`]],
    ["a name with a hyphen", { "MY-TOKEN": "" }, [`MY-TOKEN: ${shape}`]],
    ["an empty name", { "": "" }, [`: ${shape}`]],
    ["a name with a line break", { "A\n": "" }, [`A\n: ${shape}`]],
    ["a name of 129 characters", { ["N".repeat(129)]: "" }, [`${"N".repeat(129)}: ${shape}`]],
    ["a reserved name", { PATH: "" }, [`PATH: ${reserved}`]],
    ["every wrong name at once", { github_env: "", "a b": "" }, [`github_env: ${reserved}`, `a b: ${shape}`]],
    ["65 names", names(65), [": must hold at most 64 names"]],
    ["values above 16 KiB", { LONG: "x".repeat(16_385) }, ["LONG: must be at most 16384 characters"]],
    ["a NUL character", { A: "\u0000" }, ["A: must not contain a NUL character"]]
  ]
  for (const [name, env, complaints] of table) {
    it(name, () => assert.deepStrictEqual(decode(ExtraEnv, env), complaints))
  }
})

describe("a reserved name", () => {
  for (const name of [
    "PATH",
    "path",
    "HOME",
    "NODE_OPTIONS",
    "LD_PRELOAD",
    "CI",
    "GH_TOKEN",
    "ANTHROPIC_API_KEY",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "GITHUB_TOKEN",
    "GITHUB_ANYTHING",
    "github_env",
    "RUNNER_TEMP",
    "ACTIONS_RUNTIME_TOKEN",
    "INPUT_REF",
    "AI_IMPLEMENT_URL",
    "FLY_APP_NAME",
    "AWS_REGION"
  ]) {
    it(name, () => assert.isTrue(isReservedName(name)))
  }
})

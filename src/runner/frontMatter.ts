import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { parse } from "yaml"
import { someText } from "../domain/Text.ts"

/** A command of the repository, and how long it may take. */
export interface Hook {
  readonly run: string
  readonly minutes: number
}

export const hookNames = ["setup", "verify", "teardown"] as const
export type HookName = (typeof hookNames)[number]

const defaultMinutes: Record<HookName, number> = { setup: 10, verify: 15, teardown: 2 }

/** The front matter of WORKFLOW.md or PLANNING.md, and its prompt. */
export interface Instructions {
  readonly model: string | null
  readonly effort: string | null
  readonly maxTurns: number | null
  readonly maxBudgetUsd: number | null
  readonly hooks: Partial<Record<HookName, Hook>>
  readonly protectedPaths: ReadonlyArray<string>
  readonly prompt: string
}

export const noInstructions: Instructions = {
  model: null,
  effort: null,
  maxTurns: null,
  maxBudgetUsd: null,
  hooks: {},
  protectedPaths: [],
  prompt: ""
}

const command = someText(10_000)
const minutes = Schema.Finite.check(
  Schema.isBetween({ minimum: 0.01, maximum: 360 }, { message: "must be between 0 and 360 minutes" })
)
const hook = Schema.NullOr(
  Schema.Union([command, Schema.Struct({ run: command, minutes: Schema.optionalKey(minutes) })])
)
const word = Schema.NullOr(
  someText(200).check(Schema.isPattern(/^[\w.:/@[\]-]+$/, { message: "must be one word" }))
)

const FrontMatter = Schema.Struct({
  model: Schema.optionalKey(word),
  effort: Schema.optionalKey(word),
  max_turns: Schema.optionalKey(
    Schema.NullOr(
      Schema.Int.check(
        Schema.isBetween({ minimum: 1, maximum: 10_000 }, { message: "must be between 1 and 10000" })
      )
    )
  ),
  max_budget_usd: Schema.optionalKey(
    Schema.NullOr(
      Schema.Finite.check(
        Schema.isBetween({ minimum: 0.01, maximum: 10_000 }, { message: "must be between 0.01 and 10000" })
      )
    )
  ),
  setup: Schema.optionalKey(hook),
  verify: Schema.optionalKey(hook),
  teardown: Schema.optionalKey(hook),
  protected: Schema.optionalKey(Schema.NullOr(Schema.Array(someText(500))))
})

const decode = Schema.decodeUnknownResult(FrontMatter)
const format = SchemaIssue.makeFormatterStandardSchemaV1()

const fences = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)(?:\r?\n)?---[ \t]*(?:\r?\n|$)([\s\S]*)$/

const yamlOf = (text: string): Result.Result<unknown, string> =>
  Result.try({
    try: (): unknown => parse(text) ?? {},
    catch: (cause) => (cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : "cannot be read")
  })

const hookOf = (given: typeof hook.Type | undefined, name: HookName): Partial<Record<HookName, Hook>> => {
  if (given === undefined || given === null) return {}
  if (typeof given === "string") return { [name]: { run: given, minutes: defaultMinutes[name] } }
  return { [name]: { run: given.run, minutes: given.minutes ?? defaultMinutes[name] } }
}

/** Unknown fields are ignored. Fails with a sentence that names the field. */
export const instructionsOf = (text: string): Result.Result<Instructions, string> => {
  const [, head, body = text] = fences.exec(text) ?? []
  if (head === undefined) return Result.succeed({ ...noInstructions, prompt: text.trim() })
  return Result.flatMap(yamlOf(head), (value) =>
    Result.mapBoth(decode(value), {
      onFailure: ({ issue }) =>
        format(issue)
          .issues.map(({ message, path = [] }) => `${path.map(String).join(".")}: ${message}`)
          .join("; ")
          .slice(0, 500),
      onSuccess: (found) => ({
        model: found.model ?? null,
        effort: found.effort ?? null,
        maxTurns: found.max_turns ?? null,
        maxBudgetUsd: found.max_budget_usd ?? null,
        hooks: {
          ...hookOf(found.setup, "setup"),
          ...hookOf(found.verify, "verify"),
          ...hookOf(found.teardown, "teardown")
        },
        protectedPaths: found.protected ?? [],
        prompt: body.trim()
      })
    })
  )
}

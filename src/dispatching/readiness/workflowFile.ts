import * as Predicate from "effect/Predicate"
import { LineCounter, parseDocument } from "yaml"

export interface Input {
  readonly name: string
  /** It must be given: it has no default. */
  readonly required: boolean
  readonly type: "string" | "boolean" | "number" | "choice" | "environment"
  /** Of a choice. */
  readonly options: ReadonlyArray<string>
}

export type WorkflowFile =
  /** Not YAML, or no workflow: GitHub would reject it. */
  | { readonly _tag: "Broken"; readonly why: string }
  /** Too large or too deep to be parsed: nothing is concluded. */
  | { readonly _tag: "Unclear" }
  | {
      readonly _tag: "Workflow"
      readonly dispatchable: boolean
      readonly inputs: ReadonlyArray<Input>
      /** Its `run-name` contains the dispatch id, by which a run is found. */
      readonly named: boolean
      /** It calls the reusable report workflow of its own repository. */
      readonly reports: boolean
      /** It uses claude-code-action without `allowed_bots`, which refuses runs started by an App. */
      readonly refusesBots: boolean
    }

export const reportWorkflow = ".github/workflows/ai-implement-report.yml"

const maxCharacters = 131_072

const mapOf = (value: unknown): Readonly<Record<string, unknown>> =>
  Predicate.isObject(value) && !Array.isArray(value) ? value : {}

const listOf = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

const shown = (name: string) => name.replaceAll(/[^\w-]/g, "?").slice(0, 60)

const types = ["string", "boolean", "number", "choice", "environment"] as const

const inputsOf = (trigger: unknown): ReadonlyArray<Input> =>
  Object.entries(mapOf(mapOf(trigger)["inputs"])).map(([name, given]) => {
    const { default: preset, options, required, type } = mapOf(given)
    return {
      name: shown(name),
      required: required === true && (preset === undefined || preset === null),
      type: types.find((each) => each === type) ?? "string",
      options: listOf(options).map(String)
    }
  })

const dispatchOf = (on: unknown) => {
  if (on === "workflow_dispatch" || listOf(on).includes("workflow_dispatch")) return {}
  const triggers = mapOf(on)
  return "workflow_dispatch" in triggers ? mapOf(triggers["workflow_dispatch"]) : undefined
}

const refusesBots = (step: unknown) => {
  const { uses, with: given } = mapOf(step)
  const bots = mapOf(given)["allowed_bots"]
  return (
    typeof uses === "string" &&
    uses.startsWith("anthropics/claude-code-action@") &&
    (bots === undefined || bots === null || bots === "")
  )
}

const read = (text: string): WorkflowFile => {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    version: "1.2",
    schema: "core",
    strict: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
    lineCounter: lines
  })
  const [error] = document.errors
  if (error !== undefined) {
    return { _tag: "Broken", why: `line ${lines.linePos(error.pos[0]).line} is not valid YAML` }
  }
  const file = mapOf(document.toJS({ maxAliasCount: 100 }))
  const trigger = dispatchOf(file["on"])
  if (!("on" in file) || !("jobs" in file)) return { _tag: "Broken", why: "it has no `on:` or no `jobs:`" }
  const jobs = Object.values(mapOf(file["jobs"])).map(mapOf)
  return {
    _tag: "Workflow",
    dispatchable: trigger !== undefined,
    inputs: inputsOf(trigger),
    named: String(file["run-name"] ?? "").includes("dispatch_id"),
    reports: jobs.some(({ uses }) => uses === `./${reportWorkflow}`),
    refusesBots: jobs.some(({ steps }) => listOf(steps).some(refusesBots))
  }
}

/** Reads a workflow file of a target repository; it never throws, whatever the file holds. */
export const parseWorkflow = (text: string): WorkflowFile => {
  if (text.length > maxCharacters) return { _tag: "Unclear" }
  try {
    return read(text)
  } catch {
    return { _tag: "Unclear" }
  }
}

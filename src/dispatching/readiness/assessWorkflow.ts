import type { Mapping } from "../../domain/Mapping.ts"
import { inputFault } from "./inputTypes.ts"
import type { Phase } from "../../domain/Modes.ts"
import { runName, workflowInputs } from "../../domain/WorkflowInputs.ts"
import type { Inspection } from "../../upstreams/CodeHost.ts"
import { type Finding, failed, missingToPush, passed } from "./finding.ts"
import { type Input, parseWorkflow, reportWorkflow, type WorkflowFile } from "./workflowFile.ts"

const pushSecret = "AI_IMPLEMENT_TOKEN"

type Seen = Extract<Inspection, { readonly _tag: "Seen" }>
type Parsed = Extract<WorkflowFile, { readonly _tag: "Workflow" }>

const agreed = (
  phase: Phase,
  file: string,
  inputs: ReadonlyArray<Input>,
  mapping: Mapping,
  callback: boolean
): Finding => {
  const sent: ReadonlyArray<string> = workflowInputs[phase]
  const unknown = inputs.filter(({ name, required }) => required && !sent.includes(name))
  const name = `Inputs of ${file}`
  if (unknown.length > 0) {
    return failed(
      name,
      `${file} requires ${unknown.map(({ name }) => name).join(", ")}, which no dispatch sends.`,
      "Give it a default, or make it optional.",
      { phase, _tag: "workflow_input_required" }
    )
  }
  const faults = inputs.flatMap((input) =>
    sent.includes(input.name) ? (inputFault(input, phase, mapping, callback) ?? []) : []
  )
  if (faults.length > 0) {
    return failed(
      name,
      `GitHub would refuse what is sent to ${file}: ${faults.join("; ")}.`,
      "Declare these inputs as optional texts (`type: string`), or remove them.",
      { phase, _tag: "workflow_input_type" }
    )
  }
  const undeclared = sent.filter((name) => !inputs.some((input) => input.name === name))
  if (undeclared.length === 0) return passed(name, `${file} declares every input that is sent.`)
  const message = `${file} does not declare ${undeclared.join(", ")}: left out of every dispatch.`
  return {
    ...(undeclared.includes("dispatch_id")
      ? failed(
          name,
          `${message} Without dispatch_id a launch without an answer needs a person.`,
          "Declare dispatch_id as an input and put it into run-name."
        )
      : passed(name, message)),
    undeclared: { phase, inputs: undeclared }
  }
}

const named = (phase: Phase, file: string): Finding => ({
  ...failed(
    `Name of ${file}`,
    `The run-name of ${file} does not contain the dispatch id, so a launch without an answer needs a person.`,
    "Add `run-name: ${{ inputs.issue_identifier }} ${{ inputs.dispatch_id }}` to it."
  ),
  undeclared: { phase, inputs: [runName] }
})

const bots = (file: string) =>
  failed(
    `Bots in ${file}`,
    `${file} uses claude-code-action without allowed_bots: it refuses runs that an App started.`,
    "Set allowed_bots of the step to the name of the App."
  )

const unreported = (phase: Phase, file: string) =>
  failed(
    `Jobs of ${file}`,
    `${file} calls ${reportWorkflow}, which is missing: its runs cannot start.`,
    "Add the file from the templates.",
    { phase, _tag: "report_workflow_missing" }
  )

const name = "Pull requests"

// How the work of an implementation by our own workflow gets to the repository.
const publishing = ({ permissions, secrets }: Seen, callback: boolean): Finding => {
  if (callback) {
    const missing = missingToPush(permissions)
    return missing.length === 0
      ? passed(name, "The App may push branches and open pull requests.")
      : failed(
          name,
          `The App lacks ${missing.join(", ")}: runs cannot push their work.`,
          "Grant it in the App's settings, then accept it for the installation.",
          { phase: "implementation", _tag: "permission_missing" }
        )
  }
  if (secrets === null) {
    return passed(
      name,
      `Without PUBLIC_URL runs push with the secret ${pushSecret}, else with GITHUB_TOKEN; whether the secret is set is unknown.`
    )
  }
  return secrets.includes(pushSecret)
    ? passed(name, `Without PUBLIC_URL runs push with the secret ${pushSecret}.`)
    : failed(
        name,
        "Without PUBLIC_URL runs push with GITHUB_TOKEN: checks on their pull requests wait for approval, and an organization may forbid such pull requests.",
        `Set PUBLIC_URL and restart, or add the secret ${pushSecret}: a token with contents and pull requests write.`
      )
}

const ofParsed = (
  phase: Phase,
  file: string,
  parsed: Parsed,
  seen: Seen,
  mapping: Mapping,
  callback: boolean
): ReadonlyArray<Finding> => {
  if (!parsed.dispatchable) {
    return [
      failed(
        file,
        `${file} is not started by workflow_dispatch.`,
        "Add `workflow_dispatch:` with its inputs to `on:`.",
        { phase, _tag: "workflow_not_dispatchable" }
      )
    ]
  }
  const declaresId = parsed.inputs.some(({ name }) => name === "dispatch_id")
  return [
    passed(file, `${file} is there and active.`),
    agreed(phase, file, parsed.inputs, mapping, callback),
    ...(declaresId && !parsed.named ? [named(phase, file)] : []),
    ...(parsed.reports && !seen.files.some(({ path }) => path === reportWorkflow)
      ? [unreported(phase, file)]
      : []),
    ...(parsed.reports && phase === "implementation" ? [publishing(seen, callback)] : []),
    ...(parsed.refusesBots ? [bots(file)] : [])
  ]
}

/** The workflow file of one phase: there, active, dispatchable, and in agreement about its inputs. */
export const assessWorkflow = (
  phase: Phase,
  file: string,
  mapping: Mapping,
  seen: Seen,
  callback: boolean
): ReadonlyArray<Finding> => {
  const branch = mapping.defaultBranch
  const found = seen.files.find(({ path }) => path === `.github/workflows/${file}`)
  const state = seen.workflows[file] ?? "missing"
  if (seen.branch && found === undefined) {
    return [
      failed(
        file,
        `The branch ${branch} has no .github/workflows/${file}.`,
        "Add the file, or correct the mapping.",
        { phase, _tag: "workflow_missing" }
      )
    ]
  }
  if (state === "missing") {
    return [
      failed(
        file,
        `GitHub has no workflow ${file} on the repository's default branch.`,
        "Add the file there, or correct the mapping.",
        { phase, _tag: "workflow_missing" }
      )
    ]
  }
  if (state === "disabled") {
    return [
      failed(file, `${file} is disabled.`, "Enable it on the Actions page of the repository.", {
        phase,
        _tag: "workflow_disabled"
      })
    ]
  }
  if (found === undefined) return []
  const parsed: WorkflowFile = found.text === null ? { _tag: "Unclear" } : parseWorkflow(found.text)
  switch (parsed._tag) {
    case "Unclear":
      return [passed(file, `${file} is there; it is too large to be looked into.`)]
    case "Broken":
      return [
        failed(file, `${file} cannot be used: ${parsed.why}.`, "Correct the file.", {
          phase,
          _tag: "workflow_broken"
        })
      ]
    case "Workflow":
      return ofParsed(phase, file, parsed, seen, mapping, callback)
  }
}

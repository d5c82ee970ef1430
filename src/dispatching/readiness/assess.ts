import type { Mapping } from "../../domain/Mapping.ts"
import type { ExecutionMode, Phase } from "../../domain/Modes.ts"
import type { ReadinessCheck, ReadinessProblem, UndeclaredInputs } from "../../domain/Readiness.ts"
import type { Inspection } from "../../upstreams/CodeHost.ts"
import { assessMachines, type MachineFacts } from "./assessMachines.ts"
import { assessWorkflow } from "./assessWorkflow.ts"
import { type Finding, failed, passed } from "./finding.ts"
import { reportWorkflow } from "./workflowFile.ts"

export interface Wanted {
  readonly mapping: Mapping
  /** How its implementations are run: its own mode, or the global one. */
  readonly executionMode: ExecutionMode
  /** PUBLIC_URL is set, so runs report to us. */
  readonly callback: boolean
}

export interface Assessment {
  readonly repositoryId: number | null
  readonly checks: ReadonlyArray<ReadinessCheck>
  readonly problems: ReadonlyArray<ReadinessProblem>
  readonly undeclaredInputs: UndeclaredInputs
}

/** The workflow file of each phase that is dispatched to GitHub Actions. */
export const workflowsOf = ({ executionMode, mapping }: Wanted): Partial<Record<Phase, string>> => ({
  ...(mapping.planningEnabled && { planning: mapping.planningWorkflowFile }),
  ...(executionMode === "github-actions" && { implementation: mapping.workflowFile })
})

type Seen = Extract<Inspection, { readonly _tag: "Seen" }>

const access = (where: string, inspection: Inspection): Finding => {
  switch (inspection._tag) {
    case "NotInstalled":
      return failed(
        "GitHub App",
        `The App is not installed on ${where}, or there is no such repository.`,
        "Install the App on the repository, or correct owner and repo of the mapping.",
        { phase: null, _tag: "app_not_installed" }
      )
    case "Suspended":
      return failed(
        "GitHub App",
        `The App's installation on ${where} is suspended.`,
        "Unsuspend it in the settings of the repository's owner.",
        { phase: null, _tag: "app_suspended" }
      )
    case "Forbidden":
      return failed(
        "Permissions",
        `The App lacks ${inspection.missing.join(", ")} on ${where}.`,
        "Grant it in the App's settings, then accept it for the installation.",
        { phase: null, _tag: "permission_missing" }
      )
    case "Refused":
      return failed("Repository", inspection.message, "Correct what GitHub names, or the mapping.", {
        phase: null,
        _tag: "repository_refused"
      })
    case "Seen":
      return passed("GitHub App", `The App is installed on ${where} with the permissions it needs.`)
  }
}

const repository = (where: string, branch: string, seen: Seen): ReadonlyArray<Finding> => [
  seen.archived
    ? failed(
        "Repository",
        `${where} is archived: nothing can run in it.`,
        "Unarchive it, or correct the mapping.",
        { phase: null, _tag: "repository_archived" }
      )
    : passed("Repository", `${where} is there.`),
  seen.branch
    ? passed("Branch", `The branch ${branch} is there.`)
    : failed(
        "Branch",
        `${where} has no branch ${branch}.`,
        "Create it, or correct defaultBranch of the mapping.",
        { phase: null, _tag: "branch_missing" }
      )
]

const anthropicSecrets = ["CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_API_KEY"]

const secrets = ({ provider }: Mapping, { secrets }: Seen): ReadonlyArray<Finding> => {
  const name = "Secrets"
  if (secrets === null) {
    return [
      passed(
        name,
        "Whether the workflows have their secrets is unknown: the App may not list names of secrets (secrets: read)."
      )
    ]
  }
  if (provider === "bedrock") {
    const role = secrets.find((secret) => /^AWS_.*ROLE/.test(secret))
    return role === undefined ? [] : [passed(name, `${role} is set.`)]
  }
  const found = anthropicSecrets.find((secret) => secrets.includes(secret))
  return [
    found === undefined
      ? failed(
          name,
          `Neither ${anthropicSecrets.join(" nor ")} is a secret of the repository or shared with it by its organization.`,
          `Add one of them under Settings → Secrets and variables → Actions, unless the workflow has it from elsewhere.`
        )
      : passed(name, `${found} is set.`)
  ]
}

const reports = (seen: Seen): Finding =>
  seen.files.some(({ path }) => path === reportWorkflow)
    ? passed("Report workflow", `${reportWorkflow} is there.`)
    : failed(
        "Report workflow",
        `${reportWorkflow} is missing: runs cannot report, and are followed by looking.`,
        "Add the file from the templates."
      )

const ofRepository = (wanted: Wanted, seen: Seen): ReadonlyArray<Finding> => {
  const { mapping } = wanted
  const where = `${mapping.owner}/${mapping.repo}`
  const workflows = Object.entries(workflowsOf(wanted)) as ReadonlyArray<[Phase, string]>
  return [
    ...repository(where, mapping.defaultBranch, seen),
    ...workflows.flatMap(([phase, file]) => assessWorkflow(phase, file, mapping, seen, wanted.callback)),
    ...(workflows.length > 0 && wanted.callback ? [reports(seen)] : []),
    ...(workflows.length > 0 ? secrets(mapping, seen) : [])
  ]
}

/** What a mapping's repository, and the app of its machines, have of what its dispatches need. */
export const assess = (
  wanted: Wanted,
  inspection: Inspection,
  machines: MachineFacts | null,
  tracker: ReadonlyArray<Finding> = []
): Assessment => {
  const { owner, repo } = wanted.mapping
  const findings = [
    access(`${owner}/${repo}`, inspection),
    ...(inspection._tag === "Seen" ? ofRepository(wanted, inspection) : []),
    ...(machines === null
      ? []
      : assessMachines(machines, inspection._tag === "Seen" ? inspection.permissions : null)),
    ...tracker
  ]
  const undeclared = (phase: Phase) =>
    findings.flatMap((finding) => (finding.undeclared?.phase === phase ? finding.undeclared.inputs : []))
  return {
    repositoryId: inspection._tag === "Seen" ? inspection.id : null,
    checks: findings.map(({ check }) => check),
    problems: findings.flatMap(({ problem }) => problem ?? []),
    undeclaredInputs: { planning: undeclared("planning"), implementation: undeclared("implementation") }
  }
}

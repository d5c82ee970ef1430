import type { Mapping } from "../../domain/Mapping.ts"
import type { TemplateFile, TemplateState, WorkflowSync } from "../../domain/Templates.ts"
import { inspect } from "../../runner/templates/header.ts"

export const syncBranch = "ai-implement/sync"

interface Found {
  readonly file: TemplateFile
  readonly was: TemplateState
}

export interface SyncPlan {
  readonly write: ReadonlyArray<Found>
  readonly leftAlone: WorkflowSync["leftAlone"]
}

const folder = ".github/workflows/"

type Names = Pick<Mapping, "workflowFile" | "planningWorkflowFile">

const proposed = { workflowFile: "ai-implement.yml", planningWorkflowFile: "ai-implement-plan.yml" } as const

// A name for the mapping whose workflow is foreign; null where another name would change nothing.
const nameFor = (path: string, mappings: ReadonlyArray<Names>) => {
  const file = path.startsWith(folder) ? path.slice(folder.length) : null
  const field = (["workflowFile", "planningWorkflowFile"] as const).find((name) =>
    mappings.some((mapping) => mapping[name] === file)
  )
  if (field === undefined) return null
  return proposed[field] === file ? file.replace(/\.ya?ml$/, "-2.yml") : proposed[field]
}

/** What of the templates a branch with these files needs: ours are replaced, prompts are added, others stay. */
export const planSync = (
  templates: ReadonlyArray<TemplateFile>,
  installed: ReadonlyMap<string, string>,
  mappings: ReadonlyArray<Names>
): SyncPlan => {
  const found = templates.map((file): Found => ({
    file,
    was: inspect(installed.get(file.path) ?? null, file)
  }))
  return {
    write: found.filter(({ file, was }) =>
      file.seeded ? was === "missing" : was !== "current" && was !== "foreign"
    ),
    leftAlone: found.flatMap(({ file: { path, seeded }, was }) =>
      was === "foreign" && !seeded ? [{ path, workflowFile: nameFor(path, mappings) }] : []
    )
  }
}

const heading: Partial<Record<TemplateState, string>> = {
  missing: "Added",
  older: "Updated",
  modified: "Replaced, although someone changed it here"
}

/** What the pull request says. */
export const syncText = (
  { leftAlone, write }: SyncPlan,
  {
    defaultBranch,
    version
  }: { readonly defaultBranch: { readonly base: string; readonly host: string }; readonly version: string }
) => {
  const groups = (["missing", "older", "modified"] as const).flatMap((state) => {
    const paths = write.filter(({ was }) => was === state).map(({ file }) => `- \`${file.path}\``)
    return paths.length === 0 ? [] : [`${heading[state] ?? state}:\n\n${paths.join("\n")}`]
  })
  const alone = leftAlone.map(({ path }) => `- \`${path}\``)
  const note = defaultBranchNote(defaultBranch)
  return {
    title: `Sync the files of AI-Implement ${version}`,
    message: `Sync the files of AI-Implement ${version}`,
    body: [
      `These files let AI-Implement ${version} run agents in this repository.`,
      ...groups,
      ...(alone.length === 0
        ? []
        : [`Not changed, because AI-Implement did not write them:\n\n${alone.join("\n")}`]),
      ...(note === null ? [] : [note]),
      "Review this like any change to workflows: merging decides."
    ].join("\n\n")
  }
}

/** Null where the base is the branch that GitHub lists workflows from. */
export const defaultBranchNote = ({ base, host }: { readonly base: string; readonly host: string }) =>
  base === host
    ? null
    : `The repository's default branch is ${host}, and the mapping names ${base}: GitHub lists and starts workflows only of ${host}. Merge the files there too, or correct defaultBranch of the mapping.`

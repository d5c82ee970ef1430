import packageJson from "../../../package.json" with { type: "json" }
import type { Readiness } from "../../domain/Readiness.ts"
import type { RepositoryFile } from "../../upstreams/CodeHost.ts"
import { type Wanted, workflowsOf } from "./assess.ts"
import { reportWorkflow, templateVersion } from "./workflowFile.ts"

/** The template files that a target repository needs for the mapping. */
export const templatesOf = (wanted: Wanted): ReadonlyArray<string> => {
  const { implementation, planning } = workflowsOf(wanted)
  const workflows = [implementation, planning].flatMap((file) => file ?? [])
  return [
    ...workflows.map((file) => `.github/workflows/${file}`),
    ...(workflows.length > 0 ? [reportWorkflow, ".github/workflows/ai-implement-comment.yml"] : []),
    "WORKFLOW.md",
    ...(planning === undefined ? [] : ["PLANNING.md"])
  ]
}

export const installedTemplates = (
  templates: ReadonlyArray<string>,
  files: ReadonlyArray<RepositoryFile>
): Readiness["templates"] =>
  templates.map((file) => {
    const text = files.find(({ path }) => path === file)?.text ?? ""
    return { file, installed: templateVersion(text), current: packageJson.version }
  })

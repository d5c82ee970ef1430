import type { Mapping } from "../../domain/Mapping.ts"
import type { Phase, Provider } from "../../domain/Modes.ts"
import { type TemplateFile, withHeader } from "./header.ts"
import { implementationPrompt, planningPrompt } from "./prompts.ts"
import { comment, commentWorkflow, phaseWorkflow, report, reportWorkflow, runnerPath } from "./workflows.ts"

export interface TemplateSettings {
  /** All mappings of one repository. */
  readonly mappings: ReadonlyArray<
    Pick<Mapping, "workflowFile" | "planningEnabled" | "planningWorkflowFile" | "provider">
  >
  /** Where runs call the service; null: they cannot. */
  readonly callbackUrl: string | null
  /** Whether the repository forwards comments by a workflow, since no webhook does. */
  readonly forwardComments: boolean
  /** The bundled program; its version is that of all templates. */
  readonly runner: { readonly version: string; readonly content: string }
}

const workflowPath = (file: string) => `.github/workflows/${file}`

interface Started {
  readonly phase: Phase
  readonly providers: ReadonlySet<Provider>
}

// The first phase keeps a file that mappings give to both.
const startedFiles = (mappings: TemplateSettings["mappings"]): ReadonlyMap<string, Started> => {
  const files = new Map<string, Started>()
  const add = (file: string, phase: Phase, provider: Provider) => {
    const known = files.get(file)
    if (known === undefined) files.set(file, { phase, providers: new Set([provider]) })
    else if (known.phase === phase) {
      files.set(file, { phase, providers: new Set([...known.providers, provider]) })
    }
  }
  for (const { provider, workflowFile } of mappings) add(workflowFile, "implementation", provider)
  for (const { planningEnabled, planningWorkflowFile, provider } of mappings) {
    if (planningEnabled) add(planningWorkflowFile, "planning", provider)
  }
  return files
}

const templateNames = { implementation: "implement", planning: "plan" } as const

/**
 * The files that a repository needs for its mappings, each with our header. Our names are taken: a mapping that
 * dispatches to `ai-implement-report.yml` changes nothing about that file.
 */
export const render = ({
  callbackUrl,
  forwardComments,
  mappings,
  runner: { content, version }
}: TemplateSettings): ReadonlyArray<TemplateFile> => {
  const callback = callbackUrl !== null
  const started = [...startedFiles(mappings)].filter(
    ([file]) => file !== reportWorkflow && file !== commentWorkflow
  )
  const marked = (path: string, name: string, text: string, comment: "#" | "//" = "#"): TemplateFile => ({
    path,
    content: withHeader({ name, version, comment, text }),
    seeded: false
  })
  const prompt = (path: string, name: string, text: string): TemplateFile => ({
    path,
    content: withHeader({ name, version, comment: "#", text, after: 1 }),
    seeded: true
  })
  return [
    ...started.map(([file, { phase, providers }]) =>
      marked(workflowPath(file), templateNames[phase], phaseWorkflow({ phase, providers, callback }))
    ),
    marked(workflowPath(reportWorkflow), "report", report({ callback })),
    ...(callbackUrl !== null && forwardComments
      ? [marked(workflowPath(commentWorkflow), "comment", comment(callbackUrl))]
      : []),
    marked(runnerPath, "runner", content, "//"),
    prompt("WORKFLOW.md", "workflow", implementationPrompt),
    ...(started.some(([, { phase }]) => phase === "planning")
      ? [prompt("PLANNING.md", "planning", planningPrompt)]
      : [])
  ]
}

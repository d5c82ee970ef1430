import type { Readiness } from "../../domain/Readiness.ts"
import type { TemplateFile } from "../../domain/Templates.ts"
import { inspect, readHeader } from "../../runner/templates/header.ts"
import type { RepositoryFile } from "../../upstreams/CodeHost.ts"
import { type Wanted, workflowsOf } from "./assess.ts"
import { type Finding, failed, passed } from "./finding.ts"

type Installed = Readiness["templates"]

/** Of the templates of a repository those that the mapping needs: without a run on GitHub Actions only the prompts. */
export const neededTemplates = (wanted: Wanted, files: ReadonlyArray<TemplateFile>) =>
  Object.keys(workflowsOf(wanted)).length === 0 ? files.filter(({ seeded }) => seeded) : files

/** What the repository has of each template. A file that is too large to be read is not ours any more. */
export const installedTemplates = (
  version: string,
  templates: ReadonlyArray<TemplateFile>,
  files: ReadonlyArray<RepositoryFile>
): Installed =>
  templates.map((template) => {
    const found = files.find(({ path }) => path === template.path)
    const text = found?.text ?? null
    return {
      file: template.path,
      installed: text === null ? null : (readHeader(text)?.version ?? null),
      current: version,
      state: found !== undefined && text === null ? "modified" : inspect(text, template),
      seeded: template.seeded
    }
  })

const needsSync = ({ seeded, state }: Installed[number]) =>
  state !== "current" && (!seeded || state === "missing")

/** Whether a sync would change something. Dispatches are possible either way. */
export const assessTemplates = (templates: Installed): Finding => {
  const name = "Templates"
  const differing = templates.filter(needsSync)
  return differing.length === 0
    ? passed(name, "The files of AI-Implement are current.")
    : failed(
        name,
        `${differing.map(({ file, state }) => `${file} (${state})`).join(", ")} differ from the current templates.`,
        "Sync the workflows of the mapping. A file without our header stays: name another workflow file in the mapping, or remove it."
      )
}

const lfs = /^\s*(?!#)(\S+)\s(?:.*\s)?filter=lfs(?:\s|$)/

const maxPatterns = 5

/** Names what a run does not carry: files in Git LFS. Null: there are none. */
export const assessLfs = (attributes: string | null): Finding | null => {
  const patterns = (attributes ?? "").split("\n").flatMap((line) => lfs.exec(line)?.[1] ?? [])
  if (patterns.length === 0) return null
  const shown = patterns.slice(0, maxPatterns).join(", ")
  const more = patterns.length > maxPatterns ? ` and ${patterns.length - maxPatterns} more patterns` : ""
  return failed(
    "Git LFS",
    `.gitattributes stores ${shown}${more} in Git LFS: runs do not carry changes of these files.`,
    "Change such files by hand."
  )
}

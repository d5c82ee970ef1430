import * as Predicate from "effect/Predicate"
import { parse } from "yaml"
import { filesOf } from "./Git.ts"
import { idOf, type Repository, type Workflow } from "./State.ts"

const folder = ".github/workflows/"

const mapOf = (value: unknown): Readonly<Record<string, unknown>> => (Predicate.isObject(value) ? value : {})

const committed = ({ fullName }: Repository, path: string, text: string): Workflow => {
  const { name, on } = mapOf(parse(text))
  const inputs = Object.entries(mapOf(mapOf(mapOf(on)["workflow_dispatch"])["inputs"]))
  return {
    id: idOf(`${fullName}/${path}`),
    path,
    file: path.slice(folder.length),
    name: typeof name === "string" ? name : path,
    inputs: inputs.map(([input]) => input),
    required: inputs.flatMap(([input, given]) => (mapOf(given)["required"] === true ? [input] : []))
  }
}

/** The workflows of the default branch: what a test gave the repository, and what was committed there. */
const workflowsOf = (repository: Repository): ReadonlyArray<Workflow> => {
  const head = repository.branches.get(repository.defaultBranch) ?? ""
  if (!repository.commits.has(head)) return repository.workflows
  const given = new Map(repository.workflows.map((workflow) => [workflow.path, workflow]))
  return [...(filesOf(repository, head) ?? [])]
    .filter(([path]) => path.startsWith(folder))
    .map(([path, text]) => {
      const known = given.get(path)
      return known !== undefined && repository.files.get(path) === text
        ? known
        : committed(repository, path, text)
    })
}

export const findWorkflow = (repository: Repository, idOrFile: string) =>
  workflowsOf(repository).find(({ id, file }) => file === idOrFile || String(id) === idOrFile)

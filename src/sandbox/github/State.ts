import type * as Effect from "effect/Effect"
import { createHash } from "node:crypto"

export interface WorkflowOptions {
  readonly file: string
  readonly name: string
  readonly inputs: ReadonlyArray<string>
  readonly required?: ReadonlyArray<string>
  readonly state?: "active" | "disabled_manually" | "disabled_inactivity"
  /** What `repos/get-content` shows; written from the inputs when absent. */
  readonly content?: string
}

export interface RepositoryOptions {
  readonly owner: string
  readonly repo: string
  readonly defaultBranch?: string
  readonly workflows?: ReadonlyArray<WorkflowOptions>
  readonly files?: Readonly<Record<string, string>>
  readonly secrets?: ReadonlyArray<string>
  /** Names of secrets that its organization shares with it. */
  readonly organizationSecrets?: ReadonlyArray<string>
  readonly archived?: boolean
  /** What people may do in it, by login: `admin`, `maintain`, `write`, `triage`, `read`; no one else has access. */
  readonly collaborators?: Readonly<Record<string, Role>>
}

export type Role = "admin" | "maintain" | "write" | "triage" | "read"

export interface Workflow extends WorkflowOptions {
  readonly id: number
  readonly path: string
}

export type Files = ReadonlyMap<string, string>

export interface Commit {
  readonly sha: string
  readonly tree: string
  readonly parents: ReadonlyArray<string>
  readonly message: string
  readonly at: number
}

export interface Repository {
  readonly id: number
  readonly owner: string
  readonly name: string
  readonly fullName: string
  readonly defaultBranch: string
  readonly workflows: ReadonlyArray<Workflow>
  readonly files: Files
  readonly secrets: ReadonlyArray<string>
  readonly organizationSecrets: ReadonlyArray<string>
  readonly archived: boolean
  readonly collaborators: Map<string, Role>
  readonly branches: Map<string, string>
  /** What was committed here; every other commit has the files of the repository. */
  readonly commits: Map<string, Commit>
  readonly trees: Map<string, Files>
  readonly pulls: Array<PullRequest>
  readonly comments: Array<Comment>
  readonly createdAt: number
}

export type Conclusion = "success" | "failure" | "cancelled" | "timed_out" | "startup_failure" | "skipped"

/** Who or what cancelled a run, as the annotations of its jobs say it. */
export type Cancelled = { readonly by: string } | "timeout" | "concurrency"

export interface Run {
  readonly id: number
  readonly number: number
  readonly repository: Repository
  readonly workflow: Workflow
  readonly branch: string
  readonly headSha: string
  readonly displayTitle: string
  readonly inputs: Readonly<Record<string, string>>
  readonly group: string | null
  readonly createdAt: number
  startedAt: number | null
  updatedAt: number
  status: "pending" | "waiting" | "queued" | "in_progress" | "completed"
  conclusion: Conclusion | null
  cancelRequested: boolean
  /** Null: its annotations do not say it. */
  cancelled: Cancelled | null
}

export interface PullRequest {
  readonly id: number
  readonly number: number
  readonly repository: Repository
  readonly branch: string
  base: string
  title: string
  body: string
  readonly createdAt: number
  readonly fork: string | null
  /** The login of who opened it; our App's bot unless given. */
  readonly author: string | null
  headSha: string
  previousSha: string
  draft: boolean
  state: "open" | "closed"
  updatedAt: number
  closedAt: number | null
  mergedAt: number | null
  mergeSha: string | null
}

export interface Comment {
  readonly id: number
  readonly pull: PullRequest
  readonly author: string
  readonly createdAt: number
  body: string
  updatedAt: number
}

export interface Artifact {
  readonly id: number
  readonly run: Run
  readonly name: string
  readonly zip: Uint8Array
  readonly createdAt: number
  expired: boolean
}

export type Change =
  | {
      readonly _tag: "run"
      readonly action: "requested" | "queued" | "in_progress" | "completed"
      readonly run: Run
    }
  | {
      readonly _tag: "pullRequest"
      readonly action: "opened" | "synchronize" | "closed"
      readonly pull: PullRequest
    }
  | {
      readonly _tag: "comment"
      readonly action: "created" | "edited"
      readonly comment: Comment
      readonly before?: string
    }

export interface Server {
  readonly runDetails: boolean
  readonly maxInputs: number
}

export interface State {
  url: string
  storageUrl: string
  readonly repositories: Map<string, Repository>
  readonly runs: Array<Run>
  readonly artifacts: Array<Artifact>
  readonly listeners: Array<(change: Change) => void>
  readonly beforeCancelled: Map<number, Effect.Effect<void>>
  nextId: number
  server: Server
  consistencyDelay: number
  cancelDelay: number
}

export const emit = (state: State, change: Change): void => {
  for (const listen of state.listeners) listen(change)
}

export const idOf = (text: string) => createHash("sha1").update(text).digest().readUInt32BE() >>> 4

export const shaOf = (text: string) => createHash("sha1").update(text).digest("hex")

export const findRepository = (state: State, owner: string, repo: string) =>
  state.repositories.get(`${owner}/${repo}`.toLowerCase())

export const removeRepository = (state: State, owner: string, repo: string) =>
  void state.repositories.delete(`${owner}/${repo}`.toLowerCase())

export const putRepository = (state: State, options: RepositoryOptions, now: number) => {
  const fullName = `${options.owner}/${options.repo}`
  const defaultBranch = options.defaultBranch ?? "main"
  const before = findRepository(state, options.owner, options.repo)
  const workflows = (options.workflows ?? []).map((workflow) => {
    const path = `.github/workflows/${workflow.file}`
    return { ...workflow, id: idOf(`${fullName}/${path}`), path }
  })
  const repository: Repository = {
    id: idOf(fullName),
    owner: options.owner,
    name: options.repo,
    fullName,
    defaultBranch,
    workflows,
    files: new Map([
      ...Object.entries(options.files ?? {}),
      ...workflows.map((workflow) => [workflow.path, workflow.content ?? yamlOf(workflow)] as const)
    ]),
    secrets: options.secrets ?? [],
    organizationSecrets: options.organizationSecrets ?? [],
    archived: options.archived ?? false,
    collaborators: new Map(Object.entries(options.collaborators ?? {})),
    branches: before?.branches ?? new Map([[defaultBranch, shaOf(`${fullName}@${defaultBranch}`)]]),
    commits: before?.commits ?? new Map(),
    trees: before?.trees ?? new Map(),
    pulls: before?.pulls ?? [],
    comments: before?.comments ?? [],
    createdAt: before?.createdAt ?? now
  }
  state.repositories.set(fullName.toLowerCase(), repository)
  return repository
}

const yamlOf = ({ name, inputs, required = [] }: WorkflowOptions) =>
  [
    `name: ${JSON.stringify(name)}`,
    ...(inputs.includes("dispatch_id")
      ? ["run-name: ${{ inputs.issue_identifier }} ${{ inputs.dispatch_id }}"]
      : []),
    "on:",
    "  workflow_dispatch:",
    "    inputs:",
    ...inputs.flatMap((input) => [
      `      ${input}:`,
      `        required: ${String(required.includes(input))}`,
      "        type: string"
    ]),
    ...(inputs.includes("issue_id") ? ["concurrency:", "  group: ai-implement-${{ inputs.issue_id }}"] : []),
    "jobs:",
    "  agent:",
    "    runs-on: ubuntu-latest",
    "    steps:",
    "      - run: 'true'",
    ""
  ].join("\n")

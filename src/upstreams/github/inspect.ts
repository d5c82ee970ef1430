import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Inspection, CodeHost, Repository, RepositoryFile } from "../CodeHost.ts"
import { UpstreamText } from "../client/upstreamText.ts"
import { isNotFound, isRefusal, type UpstreamError } from "../UpstreamError.ts"
import type { Client, Request } from "./Client.ts"
import type { Operation } from "./operations.ts"
import { permissions, type Scope } from "./tokens.ts"

const folder = ".github/workflows"
const maxWorkflowBytes = 131_072
const maxFileBytes = 600_000

const Installation = Schema.Struct({
  permissions: Schema.Record(Schema.String, UpstreamText),
  suspended_at: Schema.optionalKey(Schema.NullOr(Schema.String))
})
const About = Schema.Struct({ id: Schema.Int, archived: Schema.optionalKey(Schema.Boolean) })
const Workflow = Schema.Struct({ state: Schema.String })
const Entry = Schema.Struct({ path: UpstreamText, type: Schema.String, size: Schema.Int })
const File = Schema.Struct({ encoding: Schema.String, content: Schema.String })
const Secrets = Schema.Struct({ secrets: Schema.Array(Schema.Struct({ name: UpstreamText })) })

const levels = ["read", "write", "admin"]

/** What of a scope's permissions an installation lacks. */
export const missingOf = (granted: Readonly<Record<string, string>>, scope: Scope) =>
  Object.entries(permissions[scope]).flatMap(([name, level]) =>
    name === "metadata" || levels.indexOf(granted[name] ?? "") >= levels.indexOf(level)
      ? []
      : [`${name}: ${level}`]
  )

const orNull = <A>(call: Effect.Effect<A, UpstreamError>): Effect.Effect<A | null, UpstreamError> =>
  Effect.catchIf(call, isNotFound, () => Effect.succeed(null))

const maxBytesOf = (path: string) => (path.startsWith(`${folder}/`) ? maxWorkflowBytes : maxFileBytes)

const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf("/")))

export const makeInspect = (client: Client["Service"]) => {
  const look = (repository: Repository) => {
    const where = `${repository.owner}/${repository.repo}`
    const ask = <S extends Schema.ConstraintDecoder<unknown>>(
      operation: Operation,
      what: string,
      body: S,
      parameters: Readonly<Record<string, unknown>> = {},
      options: Pick<Request<S>, "scope" | "once"> = {}
    ) =>
      client.ask({
        name: "inspect",
        to: `${what} of ${where}`,
        operation,
        repository,
        parameters,
        body,
        ...options
      })

    const entries = (path: string, ref: string) =>
      orNull(
        ask("repos/get-content", `list ${path === "" ? "the root" : path}`, Schema.Array(Entry), {
          path,
          ref
        })
      ).pipe(Effect.map((found) => found ?? []))

    const read = Effect.fnUntraced(function* (path: string, ref: string, size: number) {
      // A large answer is not stored for conditional requests.
      const once = size > maxWorkflowBytes ? ({ once: true } as const) : {}
      const found = yield* orNull(ask("repos/get-content", `read ${path}`, File, { path, ref }, once))
      return found?.encoding === "base64" ? Buffer.from(found.content, "base64").toString("utf8") : null
    })

    const files = Effect.fnUntraced(function* (paths: ReadonlySet<string>, ref: string) {
      const folders = new Set([...paths].map(parentOf))
      const listed = yield* Effect.forEach(folders, (path) => entries(path, ref), { concurrency: 2 })
      return yield* Effect.forEach(
        listed.flat().filter(({ type }) => type === "file"),
        Effect.fnUntraced(function* ({ path, size }): Effect.fn.Return<RepositoryFile, UpstreamError> {
          const text = paths.has(path) && size <= maxBytesOf(path) ? yield* read(path, ref, size) : null
          return { path, text }
        }),
        { concurrency: 4 }
      )
    })

    const workflow = Effect.fnUntraced(function* (workflow_id: string) {
      const found = yield* orNull(
        ask("actions/get-workflow", `read the workflow ${workflow_id}`, Workflow, { workflow_id })
      )
      const state =
        found === null || found.state === "deleted"
          ? ("missing" as const)
          : found.state === "active"
            ? ("active" as const)
            : ("disabled" as const)
      return [workflow_id, state] as const
    })

    const secretsBy = (operation: Operation, what: string) =>
      ask(operation, what, Secrets, { per_page: 100 }, { scope: "secrets" }).pipe(
        Effect.map(({ secrets }) => secrets.map(({ name }) => name)),
        Effect.catchIf(isNotFound, () => Effect.succeed<ReadonlyArray<string>>([]))
      )

    const secrets = Effect.all(
      [
        secretsBy("actions/list-repo-secrets", "list the names of the secrets"),
        secretsBy("actions/list-repo-organization-secrets", "list the names of the organization's secrets")
      ],
      { concurrency: 2 }
    ).pipe(
      Effect.map((names): ReadonlyArray<string> | null => names.flat()),
      Effect.catchIf(isRefusal, () => Effect.succeed(null))
    )

    const installation = client.app({
      name: "inspect",
      to: `see the App's installation on ${where}`,
      operation: "apps/get-repo-installation",
      parameters: { ...repository },
      body: Installation
    })

    return {
      about: ask("repos/get", "read the description", About),
      ask,
      files,
      installation,
      secrets,
      workflow
    }
  }

  type Query = Parameters<CodeHost["Service"]["inspect"]>[0]

  const inspect = Effect.fn("GitHub.inspect")(
    function* ({
      owner,
      repo,
      branch,
      workflows,
      files: others
    }: Query): Effect.fn.Return<Inspection, UpstreamError> {
      const { about, ask, files, installation, secrets, workflow } = look({ owner, repo })
      const found = yield* orNull(installation)
      if (found === null) return { _tag: "NotInstalled" }
      const { permissions: granted, suspended_at } = found
      if (typeof suspended_at === "string") return { _tag: "Suspended" }
      const missing = missingOf(granted, "runs")
      if (missing.length > 0) return { _tag: "Forbidden", missing }
      const paths = new Set([...workflows.map((file) => `${folder}/${file}`), ...others])
      const seen = yield* Effect.all(
        {
          about,
          ref: orNull(
            ask("git/get-ref", `read the branch ${branch}`, Schema.Unknown, { ref: `heads/${branch}` })
          ),
          files: files(paths, branch),
          workflows: Effect.forEach(workflows, workflow, { concurrency: 2 }),
          secrets: "secrets" in granted ? secrets : Effect.succeed(null)
        },
        { concurrency: 4 }
      )
      return {
        _tag: "Seen",
        id: seen.about.id,
        archived: seen.about.archived ?? false,
        permissions: granted,
        branch: seen.ref !== null,
        files: seen.files,
        workflows: Object.fromEntries(seen.workflows),
        secrets: seen.secrets
      }
    },
    Effect.catchIf(isRefusal, ({ message }) => Effect.succeed<Inspection>({ _tag: "Refused", message }))
  )

  const id = Effect.fn("GitHub.id")(function* (
    repository: Repository
  ): Effect.fn.Return<number, UpstreamError> {
    const { id } = yield* client.ask({
      name: "id",
      to: `read the repository ${repository.owner}/${repository.repo}`,
      operation: "repos/get",
      repository,
      body: Schema.Struct({ id: Schema.Int })
    })
    return id
  })

  return { inspect, id }
}

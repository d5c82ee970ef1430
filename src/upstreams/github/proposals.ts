import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { UpstreamInt, UpstreamText, UpstreamUrl } from "../client/upstreamText.ts"
import type { CodeHost, Proposal, ProposedChange, Repository, Snapshot } from "../CodeHost.ts"
import { isNotFound, type UpstreamError } from "../UpstreamError.ts"
import type { Client, Request } from "./Client.ts"
import { missingOf } from "./inspect.ts"
import type { Operation } from "./operations.ts"

const About = Schema.Struct({ default_branch: UpstreamText })
const Installation = Schema.Struct({ permissions: Schema.Record(Schema.String, UpstreamText) })
const Ref = Schema.Struct({ object: Schema.Struct({ sha: UpstreamText }) })
const File = Schema.Struct({ encoding: Schema.String, content: Schema.String })
const Commit = Schema.Struct({ tree: Schema.Struct({ sha: UpstreamText }) })
const Made = Schema.Struct({ sha: UpstreamText })
const Pull = Schema.Struct({
  number: UpstreamInt,
  html_url: UpstreamUrl,
  base: Schema.Struct({ ref: UpstreamText })
})

const toProposal = ({ base, html_url, number }: typeof Pull.Type): Proposal => ({
  number,
  url: html_url,
  base: base.ref
})

const orNull = <A>(call: Effect.Effect<A, UpstreamError>): Effect.Effect<A | null, UpstreamError> =>
  Effect.catchIf(call, isNotFound, () => Effect.succeed(null))

const isRefusal = ({ reason }: UpstreamError) => reason._tag === "Rejected"

/** Our pull requests that change files of the repository. */
export const makeProposals = (client: Client["Service"]) => {
  const asking =
    (name: string, { owner, repo }: Repository, scope: "runs" | "sync") =>
    <S extends Schema.ConstraintDecoder<unknown>>(
      operation: Operation,
      to: string,
      body: S,
      parameters: Readonly<Record<string, unknown>> = {},
      options: Pick<Request<S>, "once"> = {}
    ) =>
      client.ask({
        name,
        to: `${to} of ${owner}/${repo}`,
        operation,
        repository: { owner, repo },
        parameters,
        body,
        scope,
        ...options
      })

  const snapshot: CodeHost["Service"]["snapshot"] = Effect.fn("GitHub.snapshot")(function* ({
    branch,
    paths,
    ...repository
  }): Effect.fn.Return<Snapshot, UpstreamError> {
    const ask = asking("snapshot", repository, "runs")
    const { default_branch } = yield* ask("repos/get", "read the description", About)
    const ref = yield* orNull(
      ask("git/get-ref", `read the branch ${branch}`, Ref, { ref: `heads/${branch}` })
    )
    if (ref === null) return { defaultBranch: default_branch, head: null, files: new Map() }
    const read = Effect.fnUntraced(function* (path: string) {
      const parameters = { path, ref: ref.object.sha }
      const found = yield* orNull(ask("repos/get-content", `read ${path}`, File, parameters, { once: true }))
      return found?.encoding === "base64"
        ? [[path, Buffer.from(found.content, "base64").toString("utf8")] as const]
        : []
    })
    const files = yield* Effect.forEach(paths, read, { concurrency: 4 })
    return { defaultBranch: default_branch, head: ref.object.sha, files: new Map(files.flat()) }
  })

  const openProposal = (
    { branch, ...repository }: Repository & { readonly branch: string },
    scope: "runs" | "sync"
  ): Effect.Effect<Proposal | null, UpstreamError> =>
    asking("proposal", repository, scope)(
      "pulls/list",
      `list the pull requests from ${branch}`,
      Schema.Array(Pull),
      { head: `${repository.owner}:${branch}`, state: "open", per_page: 1 },
      { once: true }
    ).pipe(Effect.map(([found]) => (found === undefined ? null : toProposal(found))))

  const proposal = Effect.fn("GitHub.proposal")((query: Repository & { readonly branch: string }) =>
    openProposal(query, "runs")
  )

  const missingToPropose = Effect.fn("GitHub.missingToPropose")(function* ({
    owner,
    repo
  }: Repository): Effect.fn.Return<ReadonlyArray<string>, UpstreamError> {
    const { permissions } = yield* client.app({
      name: "missingToPropose",
      to: `see the App's installation on ${owner}/${repo}`,
      absent: `the App is not installed on ${owner}/${repo}, or there is no such repository; install it there or correct the mapping`,
      operation: "apps/get-repo-installation",
      parameters: { owner, repo },
      body: Installation
    })
    return missingOf(permissions, "sync")
  })

  const propose = Effect.fn("GitHub.propose")(
    function* ({
      base,
      body,
      branch,
      files,
      message,
      owner,
      parent,
      proposal: open,
      repo,
      title
    }: Repository & ProposedChange): Effect.fn.Return<Proposal, UpstreamError> {
      const repository = { owner, repo }
      const ask = asking("propose", repository, "sync")
      const before = yield* ask("git/get-commit", `read the commit ${parent}`, Commit, { commit_sha: parent })
      const tree = yield* ask("git/create-tree", "write the files", Made, {
        base_tree: before.tree.sha,
        tree: files.map(({ content, path }) => ({ path, content, mode: "100644", type: "blob" }))
      })
      const { sha } = yield* ask("git/create-commit", "commit the files", Made, {
        message,
        tree: tree.sha,
        parents: [parent]
      })
      const move = ask("git/update-ref", `move the branch ${branch}`, Ref, {
        ref: `heads/${branch}`,
        sha,
        // Without an open pull request the branch is a remainder of an earlier one.
        force: open === null
      })
      const create = ask("git/create-ref", `create the branch ${branch}`, Ref, {
        ref: `refs/heads/${branch}`,
        sha
      })
      yield* open === null ? Effect.catchIf(create, isRefusal, () => move) : move
      if (open !== null) {
        return yield* ask("pulls/update", `update pull request ${open.number}`, Pull, {
          pull_number: open.number,
          title,
          body,
          base
        }).pipe(Effect.map(toProposal))
      }
      return yield* ask("pulls/create", `open a pull request from ${branch}`, Pull, {
        head: branch,
        base,
        title,
        body
      }).pipe(
        Effect.map(toProposal),
        // The answer to an earlier attempt may be lost.
        Effect.catchIf(isRefusal, (refused) =>
          Effect.filterOrFail(
            openProposal({ ...repository, branch }, "sync"),
            (found) => found !== null,
            () => refused
          )
        )
      )
    },
    (effect, { owner, repo }) => Effect.ensuring(effect, client.discardToken({ owner, repo }, "sync"))
  )

  return { snapshot, proposal, missingToPropose, propose }
}

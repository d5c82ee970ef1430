import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { type Actor, Audit } from "../../admin/Audit.ts"
import { type MappingNotFound, Mappings } from "../../admin/Mappings.ts"
import type { TeamKey } from "../../domain/Ids.ts"
import type { TemplateFile, WorkflowSync } from "../../domain/Templates.ts"
import { CodeHost } from "../../upstreams/CodeHost.ts"
import type { UpstreamError } from "../../upstreams/UpstreamError.ts"
import { defaultBranchNote, planSync, syncBranch, syncText } from "../templates/syncPlan.ts"
import { type RunnerNotBuilt, Templates } from "../templates/Templates.ts"

/** The repository does not allow the sync; nothing was changed. */
export class SyncRefused extends Schema.TaggedError<SyncRefused>()("SyncRefused", {
  message: Schema.String
}) {}

/** Brings the templates of a mapping's repository up to date by a pull request. */
export class SyncWorkflows extends Context.Service<
  SyncWorkflows,
  {
    /** Idempotent: one pull request for each repository. */
    readonly sync: (
      teamKey: TeamKey,
      by: Actor
    ) => Effect.Effect<WorkflowSync, MappingNotFound | RunnerNotBuilt | SyncRefused | UpstreamError>
    /** The same files, without a call to the code host. */
    readonly files: (
      teamKey: TeamKey
    ) => Effect.Effect<ReadonlyArray<TemplateFile>, MappingNotFound | RunnerNotBuilt>
  }
>()("ai-implement/dispatching/commands/SyncWorkflows") {
  static readonly layerNoDeps = Layer.effect(
    SyncWorkflows,
    Effect.gen(function* () {
      const mappings = yield* Mappings
      const templates = yield* Templates
      const codeHost = yield* CodeHost
      const audit = yield* Audit

      const sync = Effect.fn("SyncWorkflows.sync")(function* (teamKey: TeamKey, by: Actor) {
        const { defaultBranch: base, owner, repo } = yield* mappings.get(teamKey)
        const repository = { owner, repo }
        const where = `${owner}/${repo}`
        const { files, mappings: all, version } = yield* templates.of(repository)
        const paths = files.map(({ path }) => path)
        const onBase = yield* codeHost.snapshot({ ...repository, branch: base, paths })
        if (onBase.head === null) {
          return yield* new SyncRefused({
            message: `${where} has no branch ${base}. Nothing was changed. Create it, or correct defaultBranch of the mapping.`
          })
        }
        const defaultBranch = { base, host: onBase.defaultBranch }
        const plan = planSync(files, onBase.files, all)
        const answer = {
          files: plan.write.map(({ file: { path }, was }) => ({ path, was })),
          leftAlone: plan.leftAlone,
          note: defaultBranchNote(defaultBranch)
        }
        if (plan.write.length === 0) return { ...answer, result: "up-to-date" as const, pullRequest: null }

        const open = yield* codeHost.proposal({ ...repository, branch: syncBranch })
        const proposed =
          open === null ? null : yield* codeHost.snapshot({ ...repository, branch: syncBranch, paths })
        const onto = proposed ?? onBase
        const write = planSync(files, onto.files, all).write.map(({ file }) => file)
        if (open !== null && open.base === base && write.length === 0) {
          return {
            ...answer,
            result: "up-to-date" as const,
            pullRequest: { number: open.number, url: open.url }
          }
        }
        const missing = yield* codeHost.missingToPropose(repository)
        if (missing.length > 0) {
          return yield* new SyncRefused({
            message: `The App lacks ${missing.join(", ")} on ${where}. Nothing was changed. Grant it in the App's settings and accept it for the installation, or write the files to disk with: ai-implement mappings export ${teamKey} --to <dir>`
          })
        }
        const intent = yield* audit.intend({
          actor: by,
          action: "mapping.sync",
          subject: teamKey,
          after: { repository: where, files: write.map(({ path }) => path) }
        })
        const { number, url } = yield* codeHost.propose({
          ...repository,
          branch: syncBranch,
          base,
          parent: onto.head ?? onBase.head,
          proposal: open,
          files: write,
          ...syncText(plan, { defaultBranch, version })
        })
        const result = open === null ? ("pr-opened" as const) : ("pr-updated" as const)
        yield* intent.confirm
        return { ...answer, result, pullRequest: { number, url } }
      })

      const files = Effect.fn("SyncWorkflows.files")(function* (teamKey: TeamKey) {
        const { owner, repo } = yield* mappings.get(teamKey)
        const { files } = yield* templates.of({ owner, repo })
        return files
      })

      return SyncWorkflows.of({ sync, files })
    })
  )
}

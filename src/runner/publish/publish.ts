import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Result from "effect/Result"
import { lstatSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Report } from "../../domain/Report.ts"
import type { RunContext } from "../../domain/RunnerMessages.ts"
import type { Environment } from "../environment.ts"
import { noInstructions } from "../frontMatter.ts"
import type { Git } from "../git/git.ts"
import type { Log } from "../Log.ts"
import type { CallFailed, VendedToken } from "../Orchestrator.ts"
import type { StageResult } from "../result.ts"
import { instructionFile, readInstructions } from "../instructions.ts"
import { gapsOf } from "./gaps.ts"
import { makeGitHub } from "./GitHub.ts"
import { type Meaning, meaningOf, noResult } from "./meaning.ts"
import { bodyOf, templatePaths, titleOf, updatedBody } from "./pullRequest.ts"
import { pushWork } from "./push.ts"
import { planOf, saidOf } from "./sections.ts"

export interface Publish {
  readonly environment: Environment
  readonly context: RunContext
  /** Null: the agent's stage left nothing. */
  readonly result: StageResult | null
  readonly bundleFile: string
  readonly git: Git
  readonly log: Log
  readonly client: HttpClient.HttpClient
  readonly token: Effect.Effect<VendedToken, CallFailed>
}

const usageOf = ({ usage }: StageResult): Partial<Report> => ({
  ...(usage.costUsd !== null && usage.costUsd >= 0 && { costUsd: usage.costUsd }),
  tokens: Math.max(0, usage.tokens),
  turns: Math.max(0, usage.turns),
  ...(usage.model !== null && usage.model !== "" && { model: usage.model }),
  ...(usage.sessionId !== null && usage.sessionId !== "" && { sessionId: usage.sessionId }),
  ...(usage.permissionDenials.length > 0 && { permissionDenials: usage.permissionDenials })
})

const cut = (text: string, max: number) => text.slice(0, max).toWellFormed()

const templateIn = (dir: string) => {
  for (const path of templatePaths) {
    const full = join(dir, path)
    const stat = lstatSync(full, { throwIfNoEntry: false })
    if (stat?.isFile() === true && stat.size < 100_000) return readFileSync(full, "utf8")
  }
  return null
}

const temporary = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "ai-implement-push-"))),
  (dir) => Effect.sync(() => rmSync(dir, { recursive: true, force: true }))
)

/** Pushes what a result allows, opens or updates the pull request; gives the report. Never fails. */
export const publish = Effect.fn("runner.publish")(function* ({
  bundleFile,
  client,
  context,
  environment,
  git,
  log,
  result,
  token
}: Publish) {
  const { dispatchId, phase } = context
  const base = { dispatchId, phase, ...(result !== null && usageOf(result)) }
  const failed = (reason: string, message: string, lines: ReadonlyArray<string> = []): Report => ({
    ...base,
    outcome: "failed",
    failure: { reason: cut(reason, 200), message: cut(log.redact(message), 4000), lines: lines.slice(-50) }
  })

  const push = Effect.fnUntraced(function* (
    { draft, outcome }: Meaning & { readonly _tag: "Push" },
    result: StageResult
  ) {
    log.step("push")
    const instructions = readInstructions(environment.trustedDir, instructionFile(context))
    if (Result.isFailure(instructions)) return failed("settings_invalid", instructions.failure)
    const { protectedPaths } = Result.getOrElse(instructions, () => noInstructions)
    const vended = yield* token
    log.hide(vended.token)
    const pushed = yield* pushWork({
      git,
      environment,
      context,
      dir: yield* temporary,
      bundleFile,
      base: result.base ?? "",
      tip: result.tip ?? "",
      token: vended.token,
      bot: vended.bot ?? environment.bot,
      protectedPaths
    })
    log.line(`Pushed ${pushed.tip.slice(0, 12)} to ${context.branch}.`)

    log.step("gap analysis")
    const gaps = gapsOf(context, { ...result, notes: [...result.notes, ...pushed.notes] }, pushed.changed)
    for (const gap of gaps) log.line(`Gap: ${gap.split("\n")[0] ?? ""}`)

    log.step("pull request")
    const facts = {
      context,
      result,
      gaps,
      dispatchUrl: environment.url === null ? null : `${environment.url}/admin/dispatches/${dispatchId}`,
      runUrl: environment.runUrl
    }
    const github = makeGitHub(client, {
      apiUrl: environment.apiUrl,
      repo: context.repo,
      token: vended.token
    })
    const known = yield* github.find(context.branch)
    const pull =
      known === null
        ? yield* github.create({
            branch: context.branch,
            base: context.baseBranch,
            title: titleOf(context),
            body: log.redact(bodyOf(facts, templateIn(environment.trustedDir))),
            draft
          })
        : yield* github.update(known.number, log.redact(updatedBody(known.body ?? "", facts)))
    log.line(`Pull request ${pull.number}: ${pull.html_url}`)
    const report: Report = {
      ...base,
      outcome,
      pullRequest: { number: pull.number, url: pull.html_url, draft: pull.draft ?? draft },
      ...(gaps.length > 0 && { gaps: cut(log.redact(gaps.map((gap) => `- ${gap}`).join("\n")), 20_000) })
    }
    return report
  })

  if (result === null) return failed(noResult.reason, noResult.message)
  const meaning = meaningOf(result)
  const said = log.redact(saidOf(result.text).done)
  switch (meaning._tag) {
    case "Failed":
      return failed(meaning.failure.reason, meaning.failure.message, meaning.failure.lines.map(log.redact))
    case "Unanswered":
      return { ...base, outcome: "question_unanswered" } satisfies Report
    case "NoChange":
      return {
        ...base,
        outcome: "no_change",
        ...(said !== "" && { gaps: cut(said, 20_000) })
      } satisfies Report
    case "Plan": {
      const plan = planOf(log.redact(result.text))
      return {
        ...base,
        outcome: "delivered",
        ...(plan.length > 0 && { plan }),
        ...(result.notes.length > 0 && { gaps: cut(result.notes.join("\n"), 20_000) })
      } satisfies Report
    }
    case "Push":
      return yield* push(meaning, result).pipe(
        Effect.catchTags({
          Refused: ({ message, reason }) => Effect.succeed(failed(reason, message)),
          GitFailed: ({ message }) => Effect.succeed(failed("push_failed", message)),
          GitHubFailed: ({ message }) =>
            Effect.succeed(
              failed(
                "pull_request_failed",
                `The branch ${context.branch} was pushed, but the pull request was not opened: ${message}`
              )
            ),
          CallFailed: ({ message }) =>
            Effect.succeed(failed("no_token", `There is no token to push with: ${message}`))
        }),
        Effect.tap((report) =>
          Effect.sync(() => {
            if (report.failure !== undefined) log.line(report.failure.message)
          })
        )
      )
  }
}, Effect.scoped)

import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { Scope } from "effect/Scope"
import { randomBytes, randomUUID } from "node:crypto"
import { appendFileSync } from "node:fs"
import { join } from "node:path"
import type { RunContext } from "../../domain/RunnerMessages.ts"
import type { Agent, Ended, Usage } from "../agents/Agent.ts"
import { capsOf } from "../context.ts"
import { type ModelCredential, scrubbed } from "../credentials.ts"
import type { Environment } from "../environment.ts"
import type { HookName } from "../frontMatter.ts"
import { instructionFile, readInstructions } from "../instructions.ts"
import type { Git } from "../git/git.ts"
import { agentIdentity, makeWorktree } from "../git/worktree.ts"
import { type HookEnd, runHook } from "../hooks.ts"
import type { Log } from "../Log.ts"
import { runProcess } from "../processes.ts"
import { promptOf } from "../prompt.ts"
import { fitted, type StageEnding, type StageResult } from "../result.ts"
import { type AskPerson, serveQuestions } from "../questions/server.ts"

export interface AgentStage {
  readonly environment: Environment
  readonly context: RunContext
  readonly agent: Agent
  readonly credential: ModelCredential | null
  readonly log: Log
  readonly git: Git
  /** Path of this program. */
  readonly program: string
  /** Null where no one can be asked. */
  readonly ask: AskPerson | null
  /** Completes when the run has to stop. */
  readonly stopped: Effect.Effect<void>
}

export interface AgentWork {
  readonly result: StageResult
  readonly bundle: Buffer | null
}

/** Time for push, pull request and report before the deadline. */
const reserve = Duration.minutes(3)
const maxAgentTime = Duration.hours(24)
const maxStreamBytes = 20_000_000

const noUsage: Usage = {
  model: null,
  costUsd: null,
  tokens: 0,
  turns: 0,
  permissionDenials: [],
  sessionId: null
}

const noCredential =
  "The agent has no credential for its model: set AWS_BEARER_TOKEN_BEDROCK, CLAUDE_CODE_OAUTH_TOKEN or ANTHROPIC_API_KEY as a secret, then retry the dispatch."

/** Set-up hook, agent, verify hook. Never fails: what went wrong is in the result. */
export const runAgentStage = Effect.fn("runner.agentStage")(function* (
  stage: AgentStage
): Effect.fn.Return<AgentWork, never, Scope> {
  const { agent, context, credential, environment, git, log } = stage
  const { agentUser, variables, workDir } = environment
  const worktree = makeWorktree(git, environment, stage.program)
  const answers: Array<{ question: string; answer: string | null }> = []
  const notes: Array<string> = []
  const unanswered = yield* Deferred.make<void>()
  let usage = noUsage
  let text = ""
  let base: string | null = null
  let tip: string | null = null
  let verify: StageResult["verify"] = null

  const ended = (ending: StageEnding, message: string, bundle: Buffer | null = null): AgentWork => {
    const result: StageResult = {
      dispatchId: context.dispatchId,
      phase: context.phase,
      ending,
      message,
      base,
      tip,
      text,
      verify,
      notes,
      answers,
      usage: { ...usage, permissionDenials: [...usage.permissionDenials] },
      lines: [...log.tail(50)]
    }
    const safe = (value: string) => log.redact(value)
    return {
      bundle,
      result: fitted({
        ...result,
        message: safe(message),
        text: safe(text),
        notes: notes.map(safe),
        usage: { ...result.usage, permissionDenials: result.usage.permissionDenials.map(safe) }
      })
    }
  }

  const now = yield* Clock.currentTimeMillis
  const stopAt =
    context.deadlineAt === null
      ? now + Duration.toMillis(maxAgentTime)
      : DateTime.toEpochMillis(context.deadlineAt) - Duration.toMillis(reserve)
  const remaining = Effect.map(Clock.currentTimeMillis, (at) => Duration.millis(Math.max(0, stopAt - at)))

  const instructions = readInstructions(environment.trustedDir, instructionFile(context))
  if (Result.isFailure(instructions)) return ended("settings_invalid", instructions.failure)
  if (credential === null) return ended("credential_missing", noCredential)
  log.hide(
    ...Object.entries(credential.variables).flatMap(([name, value]) =>
      /REGION|USE_/.test(name) ? [] : value
    )
  )
  log.line(`Model credential: ${credential.name}.`)

  const { hooks, prompt } = instructions.success
  const extraEnv = environment.inputs["extra_env"] ?? ""
  const home =
    environment.agentHome === null ? {} : { HOME: environment.agentHome, USER: "agent", LOGNAME: "agent" }
  const childEnv = { ...scrubbed(variables, extraEnv), ...home }

  const hook = Effect.fnUntraced(function* (name: HookName) {
    const found = hooks[name]
    if (found === undefined) return null
    log.step(name)
    log.line(`$ ${found.run.split("\n")[0] ?? ""}`)
    const end: HookEnd = yield* runHook(name, found, {
      cwd: workDir,
      env: childEnv,
      user: agentUser,
      onLine: log.line,
      remaining: yield* remaining
    })
    log.line(end.message)
    return { ...end, lines: end.lines.map(log.redact) }
  })

  /** Ends with null when the run is stopped first. */
  const unlessStopped = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.raceFirst(Effect.asSome(effect), Effect.as(stage.stopped, Option.none()))
  const cancelled = () => ended("cancelled", "The run was stopped.")

  const work = Effect.gen(function* () {
    const begin = yield* worktree.head
    base = begin
    tip = begin

    const setup = yield* unlessStopped(hook("setup"))
    if (Option.isNone(setup)) return cancelled()
    if (setup.value !== null && !setup.value.passed) return ended("setup_failed", setup.value.message)

    const overlay = yield* worktree.lay
    if (overlay.laid) log.line("The agent's configuration comes from the dispatched ref.")

    log.step("agent")
    const { ask } = stage
    const questionsUrl =
      ask === null || context.sessionMode === "autonomous"
        ? null
        : yield* serveQuestions(
            Effect.fnUntraced(function* (question, options) {
              log.line(`Question: ${question}`)
              const answer = yield* ask(question, options)
              answers.push({ question, answer })
              log.line(answer === null ? "No one answered." : `Answer: ${answer}`)
              if (answer === null && context.sessionMode === "interactive") {
                yield* Deferred.succeed(unanswered, undefined)
              }
              return answer
            })
          )
    const sessionId = randomUUID()
    const caps = capsOf(context, instructions.success)
    const launch = agent.launch(
      {
        prompt: promptOf(context, prompt, randomBytes(8).toString("hex")),
        model: instructions.success.model,
        effort: instructions.success.effort,
        ...caps,
        readOnly: context.phase === "planning",
        sessionId,
        questionsUrl,
        asRoot: process.getuid?.() === 0 && agentUser === null
      },
      environment.agentCommand,
      credential
    )
    const reader = agent.reader(credential)
    const refused = yield* Deferred.make<void>()
    const streamFile = join(environment.resultDir, "stream.jsonl")
    let streamed = 0
    const running = runProcess({
      command: launch.command,
      args: launch.args,
      cwd: workDir,
      env: {
        ...childEnv,
        GIT_AUTHOR_NAME: agentIdentity.name,
        GIT_AUTHOR_EMAIL: agentIdentity.email,
        GIT_COMMITTER_NAME: agentIdentity.name,
        GIT_COMMITTER_EMAIL: agentIdentity.email,
        ...launch.env
      },
      user: agentUser,
      stdin: launch.stdin,
      maxOutputBytes: 0,
      onLine: (line) => {
        streamed += line.length
        if (streamed < maxStreamBytes) appendFileSync(streamFile, `${log.redact(line)}\n`)
        for (const said of reader.line(line)) log.line(said)
        if (reader.isRefused()) Deferred.doneUnsafe(refused, Effect.void)
      }
    })
    const end = yield* Effect.raceAllFirst([
      Effect.map(running, ({ code }) => ({ _tag: "exit" as const, code })),
      Effect.as(stage.stopped, { _tag: "stopped" as const }),
      Effect.as(Deferred.await(refused), { _tag: "refused" as const }),
      Effect.as(Deferred.await(unanswered), { _tag: "unanswered" as const }),
      Effect.as(Effect.delay(Effect.void, yield* remaining), { _tag: "deadline" as const })
    ]).pipe(
      Effect.catchTag("NotStarted", ({ message }) => Effect.succeed({ _tag: "missing" as const, message }))
    )
    if (end._tag === "missing") return ended("failed", `The agent cannot be started: ${message(end.message)}`)

    const said: Ended = reader.ended(end._tag === "exit" ? end.code : null)
    usage = { ...said.usage, sessionId: said.usage.sessionId ?? sessionId }
    text = said.text
    switch (end._tag) {
      case "stopped":
        return cancelled()
      case "unanswered":
        return ended("question_unanswered", "No one answered the agent's question in time.")
    }
    const ending: StageEnding =
      end._tag === "deadline" ? "deadline" : end._tag === "refused" ? "credential_refused" : said.ending
    const why =
      ending === "deadline" ? "The run reached its deadline." : ending === "finished" ? "" : said.message
    if (why !== "") log.line(why)
    if (ending === "failed" || ending === "credential_refused") return ended(ending, why)

    const changed = yield* worktree.putBack(overlay, begin)
    if (changed.length > 0) {
      notes.push(
        `The agent wanted to change its own configuration (${changed.join(", ")}), which only the base branch may do: the changes were left out.`
      )
    }
    if (context.phase === "planning") {
      const dropped = yield* worktree.changed(begin)
      if (dropped.length > 0) {
        notes.push(`A plan changes no files; changes to ${dropped.slice(0, 10).join(", ")} were dropped.`)
        log.line(`Dropped changes to ${dropped.length} files.`)
      }
      return ended(ending, why)
    }

    const committed = yield* worktree.commit(`${context.identifier}: ${oneLine(context.title)}`)
    tip = committed
    if (committed === begin) {
      log.line("The agent changed nothing.")
      return ended(ending, why)
    }
    const bundle = yield* worktree.bundle(begin)

    if (ending !== "deadline") {
      const checked = yield* unlessStopped(hook("verify"))
      if (Option.isNone(checked)) return cancelled()
      verify = checked.value
    }
    return ended(ending, why, bundle)
  }).pipe(Effect.catchTag("GitFailed", ({ message }) => Effect.succeed(ended("failed", message))))

  const done = yield* work
  if (done.result.ending === "cancelled") return done
  const teardown = yield* unlessStopped(hook("teardown"))
  if (Option.isSome(teardown) && teardown.value !== null && !teardown.value.passed) {
    const note = log.redact(teardown.value.message)
    return { ...done, result: fitted({ ...done.result, notes: [...done.result.notes, note] }) }
  }
  return done
})

const message = (why: string) => `${why}. Check that it is installed.`

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim().slice(0, 150).toWellFormed()

import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Scope } from "effect/Scope"
import { appendFileSync, chownSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DispatchId } from "../../domain/Ids.ts"
import { Report } from "../../domain/Report.ts"
import type { RunContext } from "../../domain/RunnerMessages.ts"
import { ClaudeCode } from "../agents/ClaudeCode.ts"
import { assumeRole, stsAudience } from "../aws.ts"
import { contextOfInputs, RunContextJson, workRefOf } from "../context.ts"
import { modelCredential } from "../credentials.ts"
import type { Environment, Variables } from "../environment.ts"
import { makeGit } from "../git/git.ts"
import { jobToken } from "../jobToken.ts"
import { type Log, makeLog } from "../Log.ts"
import { CallFailed, type Orchestrator, overHttp, type VendedToken } from "../Orchestrator.ts"
import { killUser } from "../processes.ts"
import { publish } from "../publish/publish.ts"
import { type StageResult, StageResultJson } from "../result.ts"
import { type AgentWork, runAgentStage } from "./agent.ts"
import { checkOut } from "./checkout.ts"

export interface Program {
  readonly environment: Environment
  /** Path of this program. */
  readonly program: string
  readonly print: (line: string) => void
  /** Completes on SIGTERM or SIGINT. */
  readonly stopped: Effect.Effect<void>
}

type Exit = 0 | 1

const decodeContext = Schema.decodeUnknownEffect(RunContextJson)
const encodeContext = Schema.encodeEffect(RunContextJson)
const decodeResult = Schema.decodeUnknownOption(StageResultJson)
const encodeResult = Schema.encodeEffect(StageResultJson)
const encodeReport = Schema.encodeEffect(Schema.fromJsonString(Report))
const isDispatchId = Schema.is(DispatchId)

const maxFileBytes = 5_000_000

const readText = (path: string) => {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  return stat?.isFile() === true && stat.size <= maxFileBytes ? readFileSync(path, "utf8") : null
}

const write = (dir: string, file: string, content: string | Buffer) => {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  writeFileSync(join(dir, file), content, { mode: 0o600 })
}

const setOutputs = ({ outputFile }: Environment, outputs: Readonly<Record<string, string>>) => {
  if (outputFile === null) return
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value.replace(/[\r\n]/g, "")}\n`)
  appendFileSync(outputFile, lines.join(""))
}

const invalidId = new CallFailed({
  reason: "NotConfigured",
  message: "The dispatch id is missing: this workflow is started by AI-Implement, not by hand."
})

/** The service, called with the job's tokens: a new one for each call. */
const byJob = Effect.fnUntraced(function* (environment: Environment, log: Log) {
  const { dispatchId, url } = environment
  if (url === null) return null
  if (!isDispatchId(dispatchId)) return yield* invalidId
  const client = yield* HttpClient.HttpClient
  log.hide(environment.jobToken?.token)
  const token = Effect.tap(jobToken(client, environment, url), (value) => Effect.sync(() => log.hide(value)))
  return yield* overHttp({ url, dispatchId, token })
})

const aroundOf = Effect.fnUntraced(function* ({ phase, variables }: Environment) {
  return {
    phase,
    repository: variables["GITHUB_REPOSITORY"] ?? "",
    ref: variables["GITHUB_REF_NAME"] ?? "",
    now: DateTime.makeUnsafe(yield* Clock.currentTimeMillis)
  }
})

const inputsContext = (environment: Environment) =>
  isDispatchId(environment.inputs["dispatch_id"])
    ? Effect.map(aroundOf(environment), (around) => contextOfInputs(environment.inputs, around))
    : Effect.fail(invalidId)

const contextLeft = Effect.fnUntraced(function* (environment: Environment) {
  const text = readText(join(environment.contextDir, "context.json"))
  return text === null ? yield* inputsContext(environment) : yield* Effect.orDie(decodeContext(text))
})

const said = ({ message }: CallFailed, log: Log): Exit => {
  log.line(message)
  return 1
}

/** Claims the dispatch and hands its context on. */
export const begin = Effect.fn("runner.begin")(function* ({ environment, print }: Program) {
  const log = yield* makeLog(print, null)
  return yield* Effect.gen(function* () {
    const orchestrator = yield* byJob(environment, log)
    const context = orchestrator === null ? yield* inputsContext(environment) : yield* orchestrator.claim
    if (context === null) {
      log.line("Another run does this work, or it is no longer wanted. Nothing to do.")
      setOutputs(environment, { claimed: "false" })
      return 0 as Exit
    }
    // The token travels as an output: the file of the context would keep it as long as the artifact lives.
    const handed = { ...context, questionsToken: null }
    write(environment.contextDir, "context.json", yield* Effect.orDie(encodeContext(handed)))
    setOutputs(environment, {
      claimed: "true",
      work_ref: workRefOf(context),
      phase: context.phase,
      questions_token: context.questionsToken ?? ""
    })
    log.line(`Claimed ${context.identifier} (${context.phase}).`)
    if (orchestrator !== null) yield* orchestrator.progress({ step: "context", lines: [] })
    return 0 as Exit
  }).pipe(
    Effect.catchTag("CallFailed", (error) => {
      setOutputs(environment, { claimed: "false" })
      return Effect.succeed(said(error, log))
    })
  )
}, Effect.scoped)

/** The credential of the model, exchanged for a role where one is named. */
const credentialOf = Effect.fnUntraced(function* (environment: Environment, log: Log) {
  const { awsRole, inputs, variables } = environment
  const provider = inputs["provider"] ?? ""
  const region = inputs["aws_region"] || variables["AWS_REGION"] || ""
  const given: Variables = { ...variables, ...(region !== "" && { AWS_REGION: region }) }
  if (awsRole === null || provider === "anthropic" || given["AWS_BEARER_TOKEN_BEDROCK"]) {
    return modelCredential(given, provider)
  }
  const client = yield* HttpClient.HttpClient
  const token = yield* jobToken(client, environment, stsAudience)
  log.hide(token)
  const role = yield* assumeRole(client, {
    role: awsRole,
    region,
    token,
    address: variables["AI_IMPLEMENT_STS_URL"]
  })
  return modelCredential({ ...given, ...role }, "bedrock")
})

const handOn = Effect.fnUntraced(function* (environment: Environment, { bundle, result }: AgentWork) {
  write(environment.resultDir, "result.json", yield* Effect.orDie(encodeResult(result)))
  if (bundle !== null) write(environment.resultDir, "work.bundle", bundle)
})

const endedEarly = (context: RunContext, ending: StageResult["ending"], message: string): AgentWork => ({
  bundle: null,
  result: {
    dispatchId: context.dispatchId,
    phase: context.phase,
    ending,
    message,
    base: null,
    tip: null,
    text: "",
    verify: null,
    notes: [],
    answers: [],
    usage: { model: null, costUsd: null, tokens: 0, turns: 0, permissionDenials: [], sessionId: null },
    lines: []
  }
})

// A cap leaves work too, which the next stage publishes.
const isUsable = (ending: StageResult["ending"]) =>
  ending === "finished" || ending === "turn_cap" || ending === "budget_cap" || ending === "deadline"

const askerOf = Effect.fnUntraced(function* ({ dispatchId, questionsToken, url }: Environment) {
  if (url === null || questionsToken === null || !isDispatchId(dispatchId)) return null
  return yield* overHttp({ url, dispatchId, token: Effect.succeed(questionsToken) })
})

/** Set-up hook, agent, verify hook in the job that holds the model's credential and no other. */
export const agent = Effect.fn("runner.agent")(function* ({ environment, print, program, stopped }: Program) {
  const log = yield* makeLog(print, null)
  const context = yield* contextLeft(environment).pipe(
    Effect.catchTag("CallFailed", ({ message }) =>
      Effect.as(
        Effect.sync(() => log.line(message)),
        null
      )
    )
  )
  if (context === null) return 1 as Exit
  log.hide(environment.questionsToken)
  mkdirSync(environment.resultDir, { recursive: true })
  const asker = yield* askerOf(environment)
  const work = yield* credentialOf(environment, log).pipe(
    Effect.flatMap((credential) =>
      runAgentStage({
        environment,
        context,
        agent: ClaudeCode,
        credential,
        log,
        git: makeGit(environment.variables),
        program,
        ask: asker === null ? null : asker.ask,
        stopped
      })
    ),
    Effect.catchTag("CallFailed", ({ message }) =>
      Effect.succeed(endedEarly(context, "credential_refused", message))
    )
  )
  yield* handOn(environment, work)
  log.line(work.result.message === "" ? "The agent has ended." : work.result.message)
  return (isUsable(work.result.ending) ? 0 : 1) as Exit
}, Effect.scoped)

const repositoryToken = ({ repositoryToken }: Environment) =>
  repositoryToken === null
    ? Effect.fail(
        new CallFailed({
          reason: "NotConfigured",
          message: "Neither a callback nor the secret AI_IMPLEMENT_TOKEN gives one."
        })
      )
    : Effect.succeed<VendedToken>({ token: repositoryToken, bot: null })

const sendReport = Effect.fnUntraced(function* (
  environment: Environment,
  orchestrator: Orchestrator | null,
  log: Log,
  report: Report
) {
  log.step("report")
  log.line(`Result: ${report.outcome}.`)
  if (orchestrator === null) {
    write(environment.reportDir, "report.json", yield* Effect.orDie(encodeReport(report)))
    return
  }
  // The service takes no line after the report.
  yield* Effect.timeoutOption(log.flush, "2 seconds")
  yield* orchestrator.report(report)
})

const exitOf = ({ outcome }: Report): Exit =>
  outcome === "failed" || outcome === "question_unanswered" ? 1 : 0

/** Checks the work, pushes it, opens the pull request, and reports. */
export const publishStage = Effect.fn("runner.publishStage")(function* ({ environment, print }: Program) {
  const client = yield* HttpClient.HttpClient
  const log = yield* makeLog(print, null)
  log.hide(environment.repositoryToken)
  return yield* Effect.gen(function* () {
    const orchestrator = yield* byJob(environment, log)
    const text = readText(join(environment.resultDir, "result.json"))
    const found = text === null ? null : Option.getOrNull(decodeResult(text))
    const claimed = orchestrator === null ? yield* inputsContext(environment) : yield* orchestrator.claim
    if (claimed === null) {
      // Stopped or ended: what was spent is reported, and nothing is pushed.
      if (found === null || orchestrator === null) return 0 as Exit
      const stopped: StageResult = { ...found, ending: "cancelled", message: "The run was stopped." }
      const context = yield* contextLeft(environment)
      const report = yield* publish({
        environment,
        context,
        result: stopped,
        bundleFile: "",
        git: makeGit(environment.variables),
        log,
        client,
        token: repositoryToken(environment)
      })
      yield* Effect.ignore(sendReport(environment, orchestrator, log, report))
      return 0 as Exit
    }
    const isOurs = found?.dispatchId === claimed.dispatchId && found.phase === claimed.phase
    const report = yield* publish({
      environment,
      context: claimed,
      result: isOurs ? found : null,
      bundleFile: join(environment.resultDir, "work.bundle"),
      git: makeGit(environment.variables),
      log,
      client,
      token: orchestrator === null ? repositoryToken(environment) : orchestrator.token
    })
    if (orchestrator !== null) {
      yield* orchestrator.progress({ step: "report", lines: [...(found?.lines ?? []), ...log.tail(150)] })
    }
    yield* sendReport(environment, orchestrator, log, report)
    return exitOf(report)
  }).pipe(Effect.catchTag("CallFailed", (error) => Effect.succeed(said(error, log))))
}, Effect.scoped)

const stopGrace = "8 seconds"

/** Every stage in one process; the agent is another user without our credentials. */
export const machine = Effect.fn("runner.machine")(function* ({
  environment,
  print,
  program,
  stopped
}: Program): Effect.fn.Return<Exit, never, HttpClient.HttpClient | Scope> {
  const { agentUser, dispatchId, token, url } = environment
  const client = yield* HttpClient.HttpClient
  if (url === null || token === null || !isDispatchId(dispatchId)) {
    print("AI_IMPLEMENT_URL, AI_IMPLEMENT_DISPATCH_ID and AI_IMPLEMENT_TOKEN are needed. Nothing was done.")
    return 1
  }
  const orchestrator = yield* overHttp({ url, dispatchId, token: Effect.succeed(token) })
  const log = yield* makeLog(print, orchestrator.progress)
  log.hide(token)
  const git = makeGit(environment.variables)
  const stop = Effect.raceFirst(stopped, log.ended)
  const claimed = yield* Effect.exit(Effect.raceFirst(orchestrator.claim, Effect.as(stopped, null)))
  if (claimed._tag === "Failure") {
    print(
      Option.match(Cause.findErrorOption(claimed.cause), {
        onNone: () => "The claim failed.",
        onSome: ({ message }) => message
      })
    )
    return 1
  }
  const context = claimed.value
  if (context === null) {
    print("Another run does this work, or it is no longer wanted. Nothing to do.")
    return 0
  }
  log.step("context")
  log.hide(context.questionsToken)
  log.line(`Claimed ${context.identifier} (${context.phase}).`)

  const worked = Effect.gen(function* () {
    mkdirSync(environment.resultDir, { recursive: true, mode: 0o700 })
    if (environment.agentHome !== null && agentUser !== null) {
      mkdirSync(environment.agentHome, { recursive: true, mode: 0o700 })
      chownSync(environment.agentHome, agentUser.uid, agentUser.gid)
    }
    log.step("clone")
    const readToken = yield* orchestrator.token
    log.hide(readToken.token)
    yield* checkOut(git, environment, context, readToken.token)
    const credential = yield* credentialOf(environment, log)
    return yield* runAgentStage({
      environment,
      context,
      agent: ClaudeCode,
      credential,
      log,
      git,
      program,
      ask: orchestrator.ask,
      stopped: stop
    })
  }).pipe(
    Effect.catchTags({
      CallFailed: ({ message }) => Effect.succeed(endedEarly(context, "failed", message)),
      GitFailed: ({ message }) => Effect.succeed(endedEarly(context, "failed", message)),
      NotStarted: ({ message }) => Effect.succeed(endedEarly(context, "failed", message))
    })
  )

  // The agent's stage ends by itself once it is stopped; what comes before it is interrupted.
  const work = yield* Effect.raceFirst(
    worked,
    stop.pipe(
      Effect.andThen(Effect.sleep(stopGrace)),
      Effect.as(endedEarly(context, "cancelled", "The run was stopped."))
    )
  )
  yield* killUser(agentUser)
  if (work.bundle !== null) write(environment.resultDir, "work.bundle", work.bundle)

  const report = yield* publish({
    environment,
    context,
    result: work.result,
    bundleFile: join(environment.resultDir, "work.bundle"),
    git,
    log,
    client,
    token: orchestrator.token
  })
  const last = sendReport(environment, orchestrator, log, report).pipe(Effect.andThen(log.flush))
  const isStopped = work.result.ending === "cancelled"
  return yield* (isStopped ? Effect.asVoid(Effect.timeoutOption(last, "5 seconds")) : last).pipe(
    Effect.as(exitOf(report)),
    Effect.catchTag("CallFailed", (error) => Effect.succeed(said(error, log)))
  )
})

const CommentEvent = Schema.fromJsonString(
  Schema.Struct({
    issue: Schema.Struct({ number: Schema.Int, pull_request: Schema.optional(Schema.Unknown) }),
    comment: Schema.Struct({ id: Schema.Int, body: Schema.String })
  })
)
const decodeEvent = Schema.decodeUnknownOption(CommentEvent)

/** Forwards a `/ai-implement` comment where no webhook does. */
export const comment = Effect.fn("runner.comment")(function* ({ environment, print }: Program) {
  const log = yield* makeLog(print, null)
  const text = environment.eventFile === null ? null : readText(environment.eventFile)
  const event = text === null ? null : Option.getOrNull(decodeEvent(text))
  if (
    event === null ||
    event.issue.pull_request === undefined ||
    !/^\/ai-implement(?![\w-])/.test(event.comment.body)
  ) {
    log.line("This is no /ai-implement comment on a pull request. Nothing to do.")
    return 0 as Exit
  }
  const { url } = environment
  if (url === null) {
    log.line("AI_IMPLEMENT_URL is not set. Nothing was forwarded.")
    return 1 as Exit
  }
  const client = yield* HttpClient.HttpClient
  const orchestrator = yield* overHttp({
    url,
    // A comment belongs to no dispatch yet.
    dispatchId: DispatchId.make("00000000-0000-4000-8000-000000000000"),
    token: jobToken(client, environment, url)
  })
  return yield* orchestrator.comment(event.issue.number, event.comment.id).pipe(
    Effect.andThen(
      Effect.sync(() => {
        log.line("The comment was forwarded.")
        return 0 as Exit
      })
    ),
    Effect.catchTag("CallFailed", (error) => Effect.succeed(said(error, log)))
  )
}, Effect.scoped)

import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Semaphore from "effect/Semaphore"
import { randomBytes } from "node:crypto"
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { runProcess } from "../../../runner/processes.ts"
import { git, programPath } from "../../git/command.ts"
import { makeRemote } from "../../git/Remote.ts"
import type { Controls } from "../../github/Controls.ts"
import type { Run } from "../../github/State.ts"
import type { Behaviour, Job } from "../behaviour.ts"
import { isBeyondProgram, scenarioOf } from "./scenario.ts"

type Variables = Readonly<Record<string, string>>

export interface ProgramOptions {
  readonly file: string
  /** Holds the git repositories and the folders of the runs. */
  readonly dir: string
  readonly github: Controls
  readonly githubUrl: string
  readonly speed: number
  /** `mixed`: few at a time on each backend, and none that never ends; the others are simulated. */
  readonly mode: "program" | "mixed"
}

export interface Program {
  /** Gives how the run ended; null: it is simulated. */
  readonly onRun: (
    run: Run,
    job: Job,
    behaviour: Behaviour,
    cancelled: Effect.Effect<void>
  ) => Effect.Effect<"success" | "failure" | "cancelled" | null>
  /** Gives the exit code; null: it is simulated. */
  readonly onMachine: (
    id: string,
    environment: Variables,
    job: Job,
    behaviour: Behaviour
  ) => Effect.Effect<number | null>
  readonly printed: (id: string) => string
}

const stub = fileURLToPath(new URL("./stubAgent.mjs", import.meta.url))

const modelSecrets = ["AWS_BEARER_TOKEN_BEDROCK", "CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_API_KEY"]

const killGrace = "20 seconds"
const atOnce = { mixed: 2, program: 1000 } as const

const outputsOf = (file: string): Variables =>
  Object.fromEntries(
    (existsSync(file) ? readFileSync(file, "utf8") : "")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)])
  )

const handOver = (from: string, to: string) => {
  if (existsSync(from)) cpSync(from, to, { recursive: true })
}

/**
 * Runs the built runner program for a run or a machine, with a stub in the place of the agent: as the three jobs of
 * the workflows, or as the machine's one process.
 */
export const makeProgram = Effect.fnUntraced(function* (options: ProgramOptions) {
  const { dir, file, github, githubUrl, mode, speed } = options
  const remote = yield* makeRemote({ dir, github, pages: githubUrl })
  const path = yield* programPath
  const printed = new Map<string, Array<string>>()
  const key = `sk-ant-sandbox-${randomBytes(16).toString("hex")}`

  const homeOf = (id: string, job: Job, behaviour: Behaviour) =>
    Effect.acquireRelease(
      Effect.sync(() => {
        const home = join(dir, "runs", id)
        const bin = join(home, "bin")
        mkdirSync(bin, { recursive: true })
        copyFileSync(stub, join(bin, "claude"))
        chmodSync(join(bin, "claude"), 0o755)
        writeFileSync(join(bin, "scenario.json"), JSON.stringify(scenarioOf(job, behaviour, speed)))
        printed.set(id, [])
        return { home, bin }
      }),
      ({ home }) => Effect.sync(() => rmSync(home, { recursive: true, force: true }))
    )

  const start = (id: string, command: string, cwd: string, env: Variables) =>
    runProcess({
      command: process.execPath,
      args: [file, command],
      cwd,
      env,
      killGrace,
      maxOutputBytes: 0,
      onLine: (line) => printed.get(id)?.push(line)
    }).pipe(
      Effect.map(({ code }) => code ?? 1),
      Effect.orDie
    )

  // What actions/checkout does: a clone without its credential.
  const checkOut = Effect.fnUntraced(function* (fullName: string, target: string, ref: string) {
    const bare = remote.bareOf(fullName)
    yield* git(bare, "clone", "-q", "--template=", bare, target)
    yield* git(target, "checkout", "-q", ref)
    yield* git(target, "remote", "set-url", "origin", `${remote.url}/${fullName}.git`)
  }, Effect.orDie)

  const jobs = Effect.fnUntraced(function* (
    run: Run,
    job: Job,
    behaviour: Behaviour,
    cancelled: Effect.Effect<void>
  ) {
    const id = String(run.id)
    const { fullName, organizationSecrets, secrets } = run.repository
    const { bin, home } = yield* homeOf(id, job, behaviour)
    const jobOf = (name: string) => {
      const [workspace, temp] = [join(home, name, "workspace"), join(home, name, "temp")]
      for (const folder of [workspace, temp]) mkdirSync(folder, { recursive: true })
      const output = join(home, name, "output")
      return {
        workspace,
        files: join(temp, "ai-implement"),
        outputs: () => outputsOf(output),
        env: {
          PATH: path,
          HOME: join(home, name),
          CI: "true",
          RUNNER_TEMP: temp,
          GITHUB_ACTIONS: "true",
          GITHUB_WORKSPACE: workspace,
          GITHUB_OUTPUT: output,
          GITHUB_SERVER_URL: remote.url,
          GITHUB_API_URL: githubUrl,
          GITHUB_REPOSITORY: fullName,
          GITHUB_REF_NAME: run.branch,
          GITHUB_RUN_ID: id,
          AI_IMPLEMENT_PHASE: job.phase,
          AI_IMPLEMENT_INPUTS: JSON.stringify(run.inputs)
        }
      }
    }
    // Of the reusable workflow: it alone asks for OIDC tokens.
    const reportJob = Effect.fnUntraced(function* (stage: "begin" | "publish", more: Variables) {
      const one = jobOf(stage)
      const { token, url } = yield* Effect.orDie(github.openJob(run.id))
      const given = { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token }
      return yield* start(id, stage, one.workspace, { ...one.env, ...given, ...more })
    }, Effect.scoped)

    const begin = jobOf("begin")
    const begun = yield* reportJob("begin", {})
    const { claimed, questions_token = "", work_ref = run.branch } = begin.outputs()
    if (claimed !== "true") return begun === 0 ? "success" : "failure"

    const agent = jobOf("agent")
    handOver(join(begin.files, "context"), join(agent.files, "context"))
    // Like the disk of a hosted runner: its outputs hold the question token.
    rmSync(join(home, "begin"), { recursive: true, force: true })
    yield* checkOut(fullName, join(agent.workspace, "trusted"), run.branch)
    yield* checkOut(fullName, join(agent.workspace, "work"), work_ref)
    const names = [...secrets, ...organizationSecrets].filter((name) => modelSecrets.includes(name))
    const worked = yield* Effect.raceFirst(
      start(id, "agent", agent.workspace, {
        ...agent.env,
        PATH: `${bin}:${path}`,
        AI_IMPLEMENT_QUESTIONS_TOKEN: questions_token,
        ...Object.fromEntries(names.map((name) => [name, key]))
      }),
      Effect.as(cancelled, null)
    )
    const result = worked === null ? "cancelled" : worked === 0 ? "success" : "failure"

    const publish = jobOf("publish")
    handOver(join(agent.files, "result"), join(publish.files, "result"))
    yield* checkOut(fullName, join(publish.workspace, "trusted"), run.branch)
    const published = yield* reportJob("publish", { AI_IMPLEMENT_AGENT_RESULT: result })
    return result === "success" && published !== 0 ? "failure" : result
  }, Effect.scoped)

  const machine = Effect.fnUntraced(function* (
    id: string,
    environment: Variables,
    job: Job,
    behaviour: Behaviour
  ) {
    const { bin, home } = yield* homeOf(id, job, behaviour)
    const hasCredential = modelSecrets.some((name) => environment[name])
    return yield* start(id, "machine", home, {
      ...(!hasCredential && { ANTHROPIC_API_KEY: key }),
      ...environment,
      PATH: `${bin}:${path}`,
      HOME: home,
      AI_IMPLEMENT_FILES: join(home, "files"),
      AI_IMPLEMENT_TRUSTED: join(home, "files", "trusted"),
      AI_IMPLEMENT_WORK: join(home, "work"),
      AI_IMPLEMENT_GIT_URL: remote.url,
      AI_IMPLEMENT_GITHUB_API_URL: githubUrl
    })
  }, Effect.scoped)

  // A pull request of the simulation has no commits that could be continued.
  const canContinue = ({ branch, repo }: Job) =>
    github
      .pullRequests()
      .filter((one) => one.state === "open" && one.branch === branch && one.repository.fullName === repo)
      .every(({ headSha }) => remote.has(repo, branch, headSha))

  const onGitHub = yield* Semaphore.make(atOnce[mode])
  const onFly = yield* Semaphore.make(atOnce[mode])

  const isSimulated = (job: Job, behaviour: Behaviour) =>
    isBeyondProgram(behaviour) || (mode === "mixed" && behaviour.ending === "hangs") || !canContinue(job)

  const whenFree = <A>(
    permits: Semaphore.Semaphore,
    job: Job,
    behaviour: Behaviour,
    work: Effect.Effect<A>
  ) =>
    isSimulated(job, behaviour)
      ? Effect.succeed(null)
      : Effect.map(permits.withPermitsIfAvailable(1)(work), Option.getOrNull)

  const program: Program = {
    onRun: (run, job, behaviour, cancelled) =>
      run.inputs["callback_url"]
        ? whenFree(onGitHub, job, behaviour, jobs(run, job, behaviour, cancelled))
        : Effect.succeed(null),
    onMachine: (id, environment, job, behaviour) =>
      whenFree(onFly, job, behaviour, machine(id, environment, job, behaviour)),
    printed: (id) => (printed.get(id) ?? []).join("\n")
  }
  return { ...program, remote, dir, modelKey: key }
})

import * as Effect from "effect/Effect"
import { execFileSync } from "node:child_process"
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from "node:fs"
import { env } from "node:process"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { inject } from "vitest"
import { serveGit } from "../../src/sandbox/git/serve.ts"
import { agentIdentity } from "../../src/runner/git/worktree.ts"
import type { StageResult } from "../../src/runner/result.ts"
import { type Answers, contextSample, dispatchId, orchestratorDouble } from "./orchestratorDouble.ts"
import { pullsDouble } from "./pullsDouble.ts"
import { cloneTo, type Files, git, gitAs, headsOf, makeRepository } from "./gitFolders.ts"
import { startInHost, startProcess } from "./runnerStages.ts"

export { git } from "./gitFolders.ts"

const stub = fileURLToPath(new URL("../../src/sandbox/agent/program/stubAgent.mjs", import.meta.url))

/** The bundled program. */
export const program = () => inject("runner").program

export interface Scenario {
  readonly says?: string
  /** A shell script in the work tree. */
  readonly run?: string
  readonly text?: string
  readonly subtype?: string
  readonly isError?: boolean
  readonly exit?: number
  readonly ask?: { readonly question: string; readonly options?: ReadonlyArray<string> }
  readonly hangs?: boolean
  readonly noResult?: boolean
  readonly refuses?: boolean
  readonly lines?: number
  readonly denials?: ReadonlyArray<{ readonly tool_name: string; readonly tool_input: object }>
}

export interface Seen {
  readonly args: ReadonlyArray<string>
  readonly prompt: string
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly uid: number
  readonly pid: number
}

export interface WorldOptions extends Answers {
  readonly scenario?: Scenario
  /** Files of the default branch. */
  readonly files?: Files
  /** Files that the branch of the dispatch has besides. */
  readonly branchFiles?: Files
  /** Each stage is a process of its own; else one process carries out those of all tests. */
  readonly ownProcesses?: boolean
  readonly callback?: boolean
  /** Passwords of git besides the vended token. */
  readonly isPassword?: (password: string) => boolean
  /** What happens before a push is answered, with the heads that it leaves. */
  readonly pushed?: (heads: Readonly<Record<string, string>>) => Effect.Effect<void>
}

export const modelKey = "sk-ant-canary-0123456789abcdefghij"

const canaries = {
  GITHUB_TOKEN: "ghs_canary0123456789012345678901234567890123",
  GH_TOKEN: "gho_canary0123456789012345678901234567890123",
  ACTIONS_RUNTIME_TOKEN: "actions-runtime-canary-0123456789",
  RUNNER_SECRET: "runner-canary-0123456789",
  FLY_API_TOKEN: "FlyV1-canary-0123456789",
  CLAUDE_CODE_OAUTH_TOKEN: ""
}

/** A remote repository over HTTP, the service's routes, a stub agent, and the bundled program that meets all three. */
export const makeWorld = Effect.fnUntraced(function* ({
  branchFiles,
  callback = true,
  files = {},
  isPassword = () => false,
  ownProcesses = false,
  pushed = () => Effect.void,
  scenario = { run: "echo change >> src/a.txt" },
  ...answers
}: WorldOptions = {}) {
  const dir = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const made = mkdtempSync(join(tmpdir(), "ai-implement-runner-"))
      chmodSync(made, 0o755)
      return made
    }),
    (made) => Effect.sync(() => rmSync(made, { recursive: true, force: true }))
  )
  const bare = join(dir, "git/acme/app.git")
  const seed = join(dir, "seed")
  const { branch } = { ...contextSample, ...answers.context }
  makeRepository(
    {
      files: { "src/a.txt": "a\n", "README.md": "# App\n", ".gitignore": "ignored/\n", ...files },
      branch: branchFiles === undefined ? null : { name: branch, files: branchFiles }
    },
    bare,
    seed
  )
  const heads = () => headsOf(bare)
  const pullRequest =
    branchFiles === undefined
      ? (answers.context?.pullRequest ?? null)
      : { number: 7, headSha: heads()[branch] ?? "" }
  const context = { ...answers.context, pullRequest }
  const service = yield* orchestratorDouble({ ...answers, context })
  const { vended } = service
  const codeHost = yield* pullsDouble(vended)
  const gitUrl = yield* serveGit({
    root: join(dir, "git"),
    mayUse: (password) => password === vended || isPassword(password),
    pushed: Effect.suspend(() => pushed(heads()))
  })
  if (branchFiles !== undefined) {
    codeHost.pulls.push({
      number: 7,
      html_url: "https://github.test/acme/app/pull/7",
      title: "ENG-42: Add search",
      head: branch,
      base: "main",
      draft: false,
      body: "Written by a person.\n\n<!-- ai-implement:begin -->\nOld.\n<!-- ai-implement:end -->\nAnd below."
    })
  }

  const agentDir = join(dir, "agent")
  mkdirSync(agentDir)
  chmodSync(agentDir, 0o777)
  copyFileSync(stub, join(agentDir, "claude"))
  chmodSync(join(agentDir, "claude"), 0o755)
  const play = (next: Scenario) =>
    writeFileSync(join(agentDir, "scenario.json"), JSON.stringify({ ...next, records: true }))
  play(scenario)
  const beside = <A>(name: string): A | null =>
    existsSync(join(agentDir, name)) ? (JSON.parse(readFileSync(join(agentDir, name), "utf8")) as A) : null

  const jobDir = (job: string) => join(dir, "jobs", job)
  const shared = {
    PATH: env["PATH"] ?? "",
    HOME: dir,
    AI_IMPLEMENT_AGENT: join(agentDir, "claude"),
    GITHUB_API_URL: codeHost.url,
    ...canaries
  }

  const start = ownProcesses ? startProcess : startInHost

  const jobEnv = (job: string, run: string, inputs: Readonly<Record<string, string>> = {}) => {
    mkdirSync(jobDir(job), { recursive: true })
    return {
      ...shared,
      AI_IMPLEMENT_INPUTS: JSON.stringify({
        dispatch_id: dispatchId,
        callback_url: callback ? service.url : "",
        ...inputs
      }),
      AI_IMPLEMENT_PHASE: context.phase ?? "implementation",
      AI_IMPLEMENT_FILES: join(dir, "handed"),
      RUNNER_TEMP: jobDir(job),
      GITHUB_WORKSPACE: jobDir(job),
      GITHUB_OUTPUT: join(jobDir(job), "output"),
      GITHUB_SERVER_URL: gitUrl,
      GITHUB_REPOSITORY: "acme/app",
      GITHUB_REF_NAME: "main",
      GITHUB_RUN_ID: run
    }
  }

  const outputs = (job: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      readFileSync(join(jobDir(job), "output"), "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)])
    )

  const oidc = (run: string) => ({
    ACTIONS_ID_TOKEN_REQUEST_URL: `${service.url}/_oidc?api-version=1`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: `request-${run}`
  })

  const checkOut = (job: string, folder: string, ref: string) => {
    const target = join(jobDir(job), folder)
    cloneTo(bare, target, ref, `${gitUrl}/acme/app.git`)
    return target
  }

  /** Leaves the work of a shell script as the job of the agent does. */
  const leave = (script: string) => {
    const folder = join(dir, "handed/result")
    mkdirSync(folder, { recursive: true })
    const cwd = checkOut("agent", "work", "main")
    const base = heads()["main"] ?? ""
    const printed = execFileSync(
      "/bin/sh",
      [
        "-ec",
        `(${script}\n)\ngit add -A\ngit diff --cached --quiet || git commit -q -m 'ENG-42: Add search'\ngit bundle create -q "$0" "$1"..HEAD\ngit rev-parse HEAD`,
        join(folder, "work.bundle"),
        base
      ],
      { cwd, encoding: "utf8", env: gitAs(agentIdentity), stdio: ["ignore", "pipe", "pipe"] }
    )
    const result: StageResult = {
      dispatchId,
      phase: "implementation",
      ending: "finished",
      message: "",
      base,
      tip: printed.trim().split("\n").at(-1) ?? "",
      text: "## What was done\nThe change.",
      verify: null,
      notes: [],
      answers: [],
      usage: { model: null, costUsd: null, tokens: 0, turns: 0, permissionDenials: [], sessionId: null },
      lines: []
    }
    writeFileSync(join(folder, "result.json"), JSON.stringify(result))
  }

  const begin = (
    run = "1",
    inputs?: Readonly<Record<string, string>>,
    env: Readonly<Record<string, string>> = {}
  ) =>
    Effect.scoped(
      Effect.flatMap(
        start("begin", { ...jobEnv("begin", run, inputs), ...(callback && oidc(run)), ...env }),
        ({ ended }) => ended
      )
    )

  const startAgent = (
    env: Readonly<Record<string, string>> = {},
    inputs?: Readonly<Record<string, string>>
  ) =>
    Effect.gen(function* () {
      const given = outputs("begin")
      const base = jobEnv("agent", "1", inputs)
      checkOut("agent", "trusted", "main")
      const ref = given["work_ref"] ?? "main"
      checkOut("agent", "work", ref)
      return yield* start("agent", {
        ...base,
        ANTHROPIC_API_KEY: modelKey,
        AI_IMPLEMENT_QUESTIONS_TOKEN: given["questions_token"] ?? "",
        ...env
      })
    })

  const publish = (
    run = "1",
    inputs?: Readonly<Record<string, string>>,
    given: Readonly<Record<string, string>> = {}
  ) =>
    Effect.scoped(
      Effect.gen(function* () {
        const env = jobEnv("publish", run, inputs)
        checkOut("publish", "trusted", "main")
        const { ended } = yield* start("publish", {
          ...env,
          ...(callback ? oidc(run) : { AI_IMPLEMENT_REPOSITORY_TOKEN: vended }),
          ...given
        })
        return yield* ended
      })
    )

  const comment = (event: object) =>
    Effect.scoped(
      Effect.gen(function* () {
        const env = jobEnv("comment", "1")
        const file = join(jobDir("comment"), "event.json")
        writeFileSync(file, JSON.stringify(event))
        const { ended } = yield* start("comment", {
          ...env,
          ...oidc("1"),
          AI_IMPLEMENT_URL: service.url,
          GITHUB_EVENT_PATH: file
        })
        return yield* ended
      })
    )

  const startMachine = (env: Readonly<Record<string, string>> = {}) =>
    start("machine", {
      ...shared,
      AI_IMPLEMENT_URL: service.url,
      AI_IMPLEMENT_DISPATCH_ID: dispatchId,
      AI_IMPLEMENT_TOKEN: service.machineToken,
      AI_IMPLEMENT_FILES: join(dir, "machine"),
      AI_IMPLEMENT_GIT_URL: gitUrl,
      AI_IMPLEMENT_GITHUB_API_URL: codeHost.url,
      ANTHROPIC_API_KEY: modelKey,
      ...env
    })

  return {
    dir,
    bare,
    seed,
    branch,
    service,
    pulls: codeHost.pulls,
    codeHost: codeHost.control,
    play,
    seen: () => beside<Seen>("seen.json"),
    asked: () => beside<{ server: unknown; results: ReadonlyArray<unknown> }>("asked.json"),
    isHanging: () => existsSync(join(agentDir, "hanging")),
    letGo: () => writeFileSync(join(agentDir, "go"), ""),
    begin,
    startAgent,
    agent: (env?: Readonly<Record<string, string>>, inputs?: Readonly<Record<string, string>>) =>
      Effect.scoped(Effect.flatMap(startAgent(env, inputs), ({ ended }) => ended)),
    publish,
    leave,
    comment,
    startMachine,
    machine: (env?: Readonly<Record<string, string>>) =>
      Effect.scoped(Effect.flatMap(startMachine(env), ({ ended }) => ended)),
    exists: (name: string) =>
      readdirSync(dir, { recursive: true, encoding: "utf8" }).some((path) => path.split("/").at(-1) === name),
    outputs,
    handed: (path: string) => join(dir, "handed", path),
    /** All three jobs. */
    jobs: (env?: Readonly<Record<string, string>>) =>
      Effect.gen(function* () {
        yield* begin()
        const agent = yield* Effect.scoped(Effect.flatMap(startAgent(env), ({ ended }) => ended))
        return { agent, publish: yield* publish() }
      }),
    heads,
    show: (path: string, ref = branch) => git(bare, "show", `${ref}:${path}`),
    log: (format: string, range: string) => git(bare, "log", `--format=${format}`, range)
  }
})

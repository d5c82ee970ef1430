import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parse } from "yaml"
import { type Contexts, holds, interpolate, type Status, valueOf } from "./expressions.ts"

type Fields = Readonly<Record<string, unknown>>

interface Step {
  readonly id?: string
  readonly if?: string
  readonly uses?: string
  readonly run?: string
  readonly with?: Fields
  readonly env?: Fields
  readonly "continue-on-error"?: boolean
}

interface Job {
  readonly needs?: string | ReadonlyArray<string>
  readonly if?: string
  readonly uses?: string
  readonly with?: Fields
  readonly secrets?: Fields
  readonly permissions?: Readonly<Record<string, string>>
  readonly outputs?: Fields
  readonly steps?: ReadonlyArray<Step>
}

interface Workflow {
  readonly on: { readonly workflow_call?: { readonly outputs?: Record<string, { readonly value: string }> } }
  readonly jobs: Readonly<Record<string, Job>>
}

type JobResult = Status | "skipped"

export interface EndedJob {
  readonly result: JobResult
  readonly outputs: Readonly<Record<string, string>>
}

/** The job that a step belongs to, as GitHub knows it. */
export interface Place {
  /** Of the run's own workflow. */
  readonly job: string
  /** The file that holds the job: another one where it is reusable. */
  readonly file: string
  readonly permissions: Readonly<Record<string, string>>
}

export interface RunOptions {
  /** Holds the folders of the jobs and the artifacts. */
  readonly dir: string
  /** Files of the dispatched ref, by path. */
  readonly files: ReadonlyMap<string, string>
  readonly workflow: string
  readonly inputs: Readonly<Record<string, string>>
  readonly secrets?: Readonly<Record<string, string>>
  readonly vars?: Readonly<Record<string, string>>
  readonly token?: string
  readonly checkOut: (target: string, ref: string | null) => void
  /** What the runner of a job adds to the environment of its commands. */
  readonly environment: (place: Place) => Readonly<Record<string, string>>
}

const fail = (message: string): never => {
  throw new Error(message)
}

const textOf = (value: unknown) => (value === null || value === undefined ? "" : String(value))

const texts = (fields: Fields | undefined, contexts: Contexts): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields ?? {}).map(([name, value]) => [name, textOf(valueOf(value, contexts))])
  )

const isEmpty = (path: string) => !existsSync(path) || readdirSync(path).length === 0

const listOf = (needs: Job["needs"]): ReadonlyArray<string> =>
  needs === undefined ? [] : typeof needs === "string" ? [needs] : needs

const outputsOf = (file: string) =>
  Object.fromEntries(
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)])
  )

const statusOf = (results: ReadonlyArray<JobResult>): Status =>
  results.includes("cancelled")
    ? "cancelled"
    : results.every((result) => result === "success")
      ? "success"
      : "failure"

/** Runs the jobs of a workflow in order, as GitHub does: what our templates use of it, and nothing else. */
export const runWorkflow = Effect.fnUntraced(function* (options: RunOptions) {
  const { dir, files, inputs, secrets = {}, token = "", vars = {} } = options
  const artifacts = join(dir, "artifacts")
  const log: Array<string> = []
  mkdirSync(artifacts, { recursive: true })

  const read = (path: string): Workflow => parse(files.get(path) ?? fail(`There is no ${path}.`))

  const actions: Readonly<Record<string, (given: Fields, workspace: string) => void>> = {
    "actions/checkout": (given, workspace) => {
      if (given["persist-credentials"] !== false) fail("The checkout keeps its credentials.")
      const ref = textOf(given["ref"])
      options.checkOut(join(workspace, textOf(given["path"])), ref === "" ? null : ref)
    },
    "actions/setup-node": () => {},
    "actions/upload-artifact": (given) => {
      const [from, to] = [textOf(given["path"]), join(artifacts, textOf(given["name"]))]
      if (isEmpty(from)) {
        if (given["if-no-files-found"] === "error") fail(`There is nothing at ${from}.`)
        return
      }
      if (existsSync(to) && given["overwrite"] !== true) fail("The artifact exists.")
      rmSync(to, { recursive: true, force: true })
      cpSync(from, to, { recursive: true })
    },
    "actions/download-artifact": (given) => {
      const from = join(artifacts, textOf(given["name"]))
      if (!existsSync(from)) fail(`There is no artifact ${textOf(given["name"])}.`)
      cpSync(from, textOf(given["path"]), { recursive: true })
    }
  }

  const command = (script: string, cwd: string, env: Readonly<Record<string, string>>) =>
    Effect.callback<boolean>((resume) => {
      const child = spawn("bash", ["-e", "-c", script], { cwd, env, stdio: ["ignore", "pipe", "pipe"] })
      const add = (chunk: Buffer) => log.push(chunk.toString("utf8"))
      child.stdout.on("data", add)
      child.stderr.on("data", add)
      child.once("close", (code) => resume(Effect.succeed(code === 0)))
      return Effect.sync(() => child.kill("SIGKILL"))
    })

  const runSteps = Effect.fnUntraced(function* (job: Job, place: Place, given: Contexts) {
    const home = join(dir, "jobs", place.job)
    const [workspace, temp] = [join(home, "workspace"), join(home, "temp")]
    for (const folder of [workspace, temp]) mkdirSync(folder, { recursive: true })
    const steps: Record<string, { readonly outputs: Readonly<Record<string, string>> }> = {}
    const contexts = () => ({ ...given, runner: { temp }, steps })
    let status: Status = "success"
    for (const [index, step] of (job.steps ?? []).entries()) {
      if (!holds(step.if, contexts(), status)) continue
      let passed = true
      if (step.run !== undefined) {
        const output = join(home, `output-${index}`)
        writeFileSync(output, "")
        passed = yield* command(step.run, workspace, {
          ...options.environment(place),
          GITHUB_WORKSPACE: workspace,
          GITHUB_OUTPUT: output,
          RUNNER_TEMP: temp,
          ...texts(step.env, contexts())
        })
        if (step.id !== undefined) steps[step.id] = { outputs: outputsOf(output) }
      } else {
        const [name = ""] = (step.uses ?? "").split("@")
        const action = actions[name] ?? fail(`${name} is not modelled.`)
        const values = Object.fromEntries(
          Object.entries(step.with ?? {}).map(([input, value]) => [input, valueOf(value, contexts())])
        )
        passed = yield* Effect.try({
          try: () => action(values, workspace),
          catch: (cause) => log.push(String(cause))
        }).pipe(
          Effect.as(true),
          Effect.orElseSucceed(() => false)
        )
      }
      if (!passed && step["continue-on-error"] !== true) status = "failure"
    }
    return { result: status, outputs: texts(job.outputs, contexts()) } satisfies EndedJob
  })

  const shared = { github: { token, event: { inputs } }, vars }

  const call = Effect.fnUntraced(function* (job: Job, name: string, contexts: Contexts) {
    const path = (job.uses ?? "").replace(/^\.\//, "")
    const called = read(path)
    const place = { job: name, file: path, permissions: job.permissions ?? {} }
    const given = {
      ...shared,
      inputs: texts(job.with, contexts),
      secrets: texts(job.secrets, contexts)
    }
    const jobs: Record<string, EndedJob> = {}
    for (const [inner, each] of Object.entries(called.jobs)) {
      jobs[inner] = yield* runSteps(each, place, given)
    }
    const outputs = Object.entries(called.on.workflow_call?.outputs ?? {}).map(
      ([output, { value }]) => [output, interpolate(value, { ...given, jobs })] as const
    )
    return {
      result: statusOf(Object.values(jobs).map(({ result }) => result)),
      outputs: Object.fromEntries(outputs)
    } satisfies EndedJob
  })

  const jobs: Record<string, EndedJob> = {}
  for (const [name, job] of Object.entries(read(options.workflow).jobs)) {
    const needs = Object.fromEntries(
      listOf(job.needs).map((needed) => [needed, jobs[needed] ?? fail(`There is no job ${needed}.`)])
    )
    const contexts = { ...shared, inputs, secrets, needs }
    const status = statusOf(Object.values(needs).map(({ result }) => result))
    if (!holds(job.if, contexts, status)) jobs[name] = { result: "skipped", outputs: {} }
    else if (job.uses !== undefined) jobs[name] = yield* call(job, name, contexts)
    else {
      const place = { job: name, file: options.workflow, permissions: job.permissions ?? {} }
      jobs[name] = yield* runSteps(job, place, contexts)
    }
  }
  return { jobs, log: log.join(""), artifact: (name: string) => join(artifacts, name) }
})

import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { render, type TemplateSettings } from "../../../src/runner/templates/render.ts"
import { type Place, runWorkflow } from "../../support/actions/runWorkflow.ts"

/** Stands in for the program: records what each stage sees, and hands on what the real one hands on. */
const recorder = `
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
const [, , stage] = process.argv
const files = join(process.env.RUNNER_TEMP, "ai-implement")
const behaviour = JSON.parse(process.env.BEHAVIOUR)
const write = (name, text) => {
  mkdirSync(join(files, name), { recursive: true })
  writeFileSync(join(files, name, "file"), text)
}
const read = (name) => (existsSync(join(files, name, "file")) ? readFileSync(join(files, name, "file"), "utf8") : null)
writeFileSync(
  join(process.env.SEEN, stage + ".json"),
  JSON.stringify({ env: process.env, context: read("context"), result: read("result") })
)
const output = (lines) => appendFileSync(process.env.GITHUB_OUTPUT, lines)
if (stage === "begin") {
  write("context", "the context")
  output("claimed=" + (behaviour.claimed ?? true) + "\\nwork_ref=the-branch\\nquestions_token=q-1\\n")
}
if (stage === "agent" && behaviour.agent !== "silent") write("result", "the result")
if (stage === "publish") write("report", "the report")
process.exit(behaviour.agent === "failed" && stage === "agent" ? 1 : 0)
`

interface Behaviour {
  readonly claimed?: boolean
  readonly agent?: "failed" | "silent"
}

interface Seen {
  readonly env: Readonly<Record<string, string>>
  readonly context: string | null
  readonly result: string | null
}

const settings: TemplateSettings = {
  mappings: [
    {
      workflowFile: "claude-implement.yml",
      planningEnabled: true,
      planningWorkflowFile: "claude-plan.yml",
      provider: "anthropic"
    }
  ],
  callbackUrl: "https://ai.example.com",
  forwardComments: true,
  runner: { version: "1.2.3", content: recorder }
}

const inputs = { dispatch_id: "d-1", issue_title: 'A "title"\nof $(two) `lines`', issue_id: "i-1" }

interface Options {
  readonly file?: string
  readonly behaviour?: Behaviour
  readonly given?: Partial<TemplateSettings>
  readonly secrets?: Readonly<Record<string, string>>
}

/** A run of a rendered workflow with the recorder as its program. */
const play = Effect.fnUntraced(function* ({
  behaviour = {},
  file = "claude-implement.yml",
  given,
  secrets = {}
}: Options = {}) {
  const dir = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "ai-implement-workflow-"))),
    (made) => Effect.sync(() => rmSync(made, { recursive: true, force: true }))
  )
  const [repository, bin, records] = [join(dir, "repository"), join(dir, "bin"), join(dir, "seen")]
  const files = new Map(render({ ...settings, ...given }).map(({ content, path }) => [path, content]))
  for (const [path, content] of files) {
    mkdirSync(dirname(join(repository, path)), { recursive: true })
    writeFileSync(join(repository, path), content)
  }
  for (const folder of [bin, records]) mkdirSync(folder)
  writeFileSync(join(bin, "npm"), `#!/bin/sh\necho "$@" > ${join(records, "npm")}\n`, { mode: 0o755 })
  const checkouts: Array<readonly [string, string | null]> = []
  const places: Array<Place> = []
  const run = yield* runWorkflow({
    dir,
    files,
    workflow: `.github/workflows/${file}`,
    inputs,
    secrets,
    token: "the-github-token",
    checkOut: (target, ref) => {
      checkouts.push([target.slice(target.lastIndexOf("/") + 1), ref])
      cpSync(repository, target, { recursive: true })
    },
    environment: (place) => {
      places.push(place)
      return {
        PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`,
        SEEN: records,
        BEHAVIOUR: JSON.stringify(behaviour),
        ...(place.permissions["id-token"] === "write" && { ACTIONS_ID_TOKEN_REQUEST_TOKEN: "oidc" })
      }
    }
  })
  const seen = (stage: string): Seen | null => {
    const path = join(records, `${stage}.json`)
    return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null
  }
  const results = Object.fromEntries(Object.entries(run.jobs).map(([job, { result }]) => [job, result]))
  return { ...run, checkouts, places, results, seen, npm: () => readFileSync(join(records, "npm"), "utf8") }
})

describe("a run of the workflow templates", () => {
  it.live("hands context, result and report from job to job", () =>
    Effect.gen(function* () {
      const run = yield* play()
      assert.deepStrictEqual(run.results, { begin: "success", agent: "success", publish: "success" }, run.log)
      assert.deepInclude(run.seen("agent"), { context: "the context", result: null })
      assert.deepInclude(run.seen("publish"), { context: null, result: "the result" })
      assert.strictEqual(
        readFileSync(join(run.artifact("ai-implement-report"), "file"), "utf8"),
        "the report"
      )
      assert.deepStrictEqual(run.checkouts, [
        ["trusted", null],
        ["trusted", null],
        ["work", "the-branch"],
        ["trusted", null]
      ])
      assert.include(run.npm(), "@anthropic-ai/claude-code@2.1.332")
    })
  )

  it.live("hands the inputs over unchanged, whatever they hold", () =>
    Effect.gen(function* () {
      const run = yield* play()
      for (const stage of ["begin", "agent", "publish"]) {
        const { AI_IMPLEMENT_INPUTS = "{}", AI_IMPLEMENT_PHASE } = run.seen(stage)?.env ?? {}
        assert.deepStrictEqual(JSON.parse(AI_IMPLEMENT_INPUTS), inputs, stage)
        assert.strictEqual(AI_IMPLEMENT_PHASE, "implementation")
      }
    })
  )

  it.live("gives each job its own credentials and no other", () =>
    Effect.gen(function* () {
      const run = yield* play({
        secrets: { ANTHROPIC_API_KEY: "key", AI_IMPLEMENT_TOKEN: "token", OTHER: "other" }
      })
      const credentials = {
        ANTHROPIC_API_KEY: "key",
        AI_IMPLEMENT_QUESTIONS_TOKEN: "q-1",
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "oidc"
      }
      const held = (stage: string) => {
        const env = run.seen(stage)?.env ?? {}
        assert.notInclude(JSON.stringify(env), "the-github-token")
        return Object.keys(credentials).filter((name) => env[name] !== undefined && env[name] !== "")
      }
      assert.deepStrictEqual(held("begin"), ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
      assert.deepStrictEqual(held("agent"), ["ANTHROPIC_API_KEY", "AI_IMPLEMENT_QUESTIONS_TOKEN"])
      assert.deepStrictEqual(held("publish"), ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
      assert.notInclude(JSON.stringify(["begin", "agent", "publish"].map(run.seen)), "other")
    })
  )

  it.live("calls the service from jobs of the report workflow alone", () =>
    Effect.gen(function* () {
      const { places } = yield* play()
      const callers = places.filter(({ permissions }) => permissions["id-token"] === "write")
      assert.deepStrictEqual(
        callers.map(({ file, job }) => [job, file]),
        [
          ["begin", ".github/workflows/ai-implement-report.yml"],
          ["publish", ".github/workflows/ai-implement-report.yml"]
        ]
      )
    })
  )

  it.live("publishes after a failed agent, with what it left", () =>
    Effect.gen(function* () {
      const run = yield* play({ behaviour: { agent: "failed" } })
      assert.deepStrictEqual(run.results, { begin: "success", agent: "failure", publish: "success" })
      assert.deepInclude(run.seen("publish"), { result: "the result" })
      assert.strictEqual(run.seen("publish")?.env["AI_IMPLEMENT_AGENT_RESULT"], "failure")
    })
  )

  it.live("publishes after an agent that left nothing", () =>
    Effect.gen(function* () {
      const run = yield* play({ behaviour: { agent: "silent" } })
      assert.strictEqual(run.results["publish"], "success")
      assert.deepInclude(run.seen("publish"), { result: null })
    })
  )

  it.live("does nothing after a refused claim", () =>
    Effect.gen(function* () {
      const run = yield* play({ behaviour: { claimed: false } })
      assert.deepStrictEqual(run.results, { begin: "success", agent: "skipped", publish: "skipped" })
      assert.isNull(run.seen("agent"))
    })
  )

  it.live.each([
    ["the secret of the repository", { AI_IMPLEMENT_TOKEN: "own" }, "own"],
    ["GitHub's token", {}, "the-github-token"]
  ] as const)("publishes without a callback by %s", ([, secrets, expected]) =>
    Effect.gen(function* () {
      const run = yield* play({ given: { callbackUrl: null }, secrets })
      assert.strictEqual(run.seen("publish")?.env["AI_IMPLEMENT_REPOSITORY_TOKEN"], expected)
      assert.strictEqual(run.seen("begin")?.env["AI_IMPLEMENT_REPOSITORY_TOKEN"], "the-github-token")
      assert.isUndefined(run.seen("agent")?.env["AI_IMPLEMENT_REPOSITORY_TOKEN"])
      assert.isTrue(run.places.every(({ permissions }) => permissions["id-token"] === undefined))
    })
  )

  it.live("plans without a secret that pushes", () =>
    Effect.gen(function* () {
      const run = yield* play({
        file: "claude-plan.yml",
        given: { callbackUrl: null },
        secrets: { AI_IMPLEMENT_TOKEN: "own" }
      })
      assert.strictEqual(run.results["publish"], "success", run.log)
      assert.strictEqual(run.seen("publish")?.env["AI_IMPLEMENT_REPOSITORY_TOKEN"], "the-github-token")
      assert.strictEqual(run.seen("agent")?.env["AI_IMPLEMENT_PHASE"], "planning")
    })
  )
})

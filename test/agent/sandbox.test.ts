import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { inject } from "vitest"
import packageJson from "../../package.json" with { type: "json" }
import { workflowInputs } from "../../src/domain/WorkflowInputs.ts"
import { Database } from "../../src/platform/Sql/Database.ts"
import { render } from "../../src/runner/templates/render.ts"
import { freePort } from "../../src/sandbox/freePort.ts"
import { serveGit } from "../../src/sandbox/git/serve.ts"
import type { Run } from "../../src/sandbox/GitHub.ts"
import { serve } from "../../src/sandbox/Upstream.ts"
import { runWorkflow } from "../support/actions/runWorkflow.ts"
import { messagesApi, type Turn } from "../support/agent/messagesApi.ts"
import { databaseUrl } from "../support/databaseUrl.ts"
import { eventually } from "../support/eventually.ts"
import { send } from "../support/httpServer.ts"
import { git, modelKey, program } from "../support/runnerWorld.ts"
import { running } from "../support/running.ts"
import { TestDb } from "../support/TestDb.ts"
import { makeWorld } from "../support/world.ts"

const reportWorkflow = ".github/workflows/ai-implement-report.yml"
const repository = { owner: "acme", repo: "app" }

const plan = "# Architecture Analysis\n\nChange `src/search.txt`.\n\n# Test Plan\n\nRead it."
const done = "## What was done\n\nTitles are searched.\n\n## How it was verified\n\nRead.\n\n## Gaps\n\nNone"

const instructions = `---
verify: grep -q titles src/search.txt
---
Use the house style.
`

/** The service, the local Linear and GitHub, and a repository with our files whose runs the test carries out. */
const scene = Effect.gen(function* () {
  const dir = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "ai-implement-whole-"))),
    (made) => Effect.sync(() => rmSync(made, { recursive: true, force: true }))
  )
  const port = yield* freePort
  const url = `http://127.0.0.1:${port}`
  const mapping = {
    workflowFile: "claude-implement.yml",
    planningEnabled: true,
    planningWorkflowFile: "claude-plan.yml",
    provider: "anthropic"
  } as const
  const files = new Map(
    render({
      mappings: [mapping],
      callbackUrl: url,
      forwardComments: false,
      runner: { version: packageJson.version, content: readFileSync(program(), "utf8") }
    }).map(({ content, path }) => [path, content])
  )
  files.set("WORKFLOW.md", instructions)
  const contentOf = (file: string) => files.get(`.github/workflows/${file}`) ?? ""
  const world = yield* makeWorld({
    github: {
      repositories: [
        {
          ...repository,
          workflows: [
            {
              file: "claude-implement.yml",
              name: "AI-Implement",
              inputs: workflowInputs.implementation,
              content: contentOf("claude-implement.yml")
            },
            {
              file: "claude-plan.yml",
              name: "AI-Implement plan",
              inputs: workflowInputs.planning,
              content: contentOf("claude-plan.yml")
            }
          ],
          files: Object.fromEntries(files),
          secrets: ["ANTHROPIC_API_KEY"]
        }
      ]
    }
  })
  const { github } = world
  const [bare, seed, bin] = [join(dir, "git/acme/app.git"), join(dir, "seed"), join(dir, "bin")]
  for (const folder of [bare, seed, bin]) mkdirSync(folder, { recursive: true })
  git(bare, "init", "-q", "--bare")
  git(seed, "init", "-q")
  for (const [path, content] of files) {
    mkdirSync(dirname(join(seed, path)), { recursive: true })
    writeFileSync(join(seed, path), content)
  }
  git(seed, "add", "-A")
  git(seed, "commit", "-q", "-m", "Begin")
  git(seed, "push", "-q", bare, "HEAD:refs/heads/main")
  const heads = () =>
    git(bare, "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads")
      .split("\n")
      .map((line) => line.split(" ") as [string, string])
  const mirror = Effect.suspend(() =>
    Effect.forEach(
      heads(),
      ([branch, sha]) => Effect.orDie(github.pushBranch({ ...repository, branch, sha })),
      {
        discard: true
      }
    )
  )
  yield* mirror
  const mayPush = (password: string) =>
    github
      .tokens()
      .some(({ permissions, value }) => value === password && permissions["contents"] === "write")
  const gitUrl = yield* serveGit({ root: join(dir, "git"), mayUse: mayPush, pushed: mirror })
  const issuer = yield* serve({
    name: "Job tokens",
    handler: ({ url: { pathname, searchParams } }) =>
      Effect.map(
        Effect.orDie(
          github.jobToken(Number(pathname.slice(1)), { audience: searchParams.get("audience") ?? "" })
        ),
        (value) => ({ status: 200, body: { value } })
      )
  })
  writeFileSync(join(bin, "npm"), "#!/bin/sh\n", { mode: 0o755 })
  symlinkSync(inject("agent"), join(bin, "claude"))

  const services = yield* Layer.build(Layer.fresh(TestDb))
  const service = yield* running({
    ...world.env,
    DATABASE_URL: databaseUrl(Context.get(services, Database).location).href,
    PORT: String(port),
    PUBLIC_URL: url,
    GITHUB_WEBHOOK_SECRET: "a-secret-of-the-tests-only"
  })
  const ask = Effect.fnUntraced(function* (
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {}
  ) {
    const { body: text, status } = yield* send(path, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) })
    }).pipe(Effect.provideService(HttpServer.HttpServer, service.server))
    assert.isBelow(status, 300, text)
    return JSON.parse(text)
  })
  const { token } = yield* ask("POST", "/api/auth", { code: world.env["ADMIN_ACCESS_CODE"], name: "Ada" })
  const call = (method: string, path: string, body?: unknown) =>
    ask(method, path, body, { authorization: `Bearer ${token}` })
  yield* call("POST", "/api/mappings", { teamKey: "ENG", ...repository, autoApprovePlans: true })

  /** Carries out the next run, with a model that follows the script. */
  const carryOut = Effect.fnUntraced(function* (
    workflow: string,
    turns: (work: string) => ReadonlyArray<Turn>
  ) {
    const waiting = (): Run | undefined =>
      github.runs().find(({ status, workflow: { file } }) => status === "queued" && file === workflow)
    const run = yield* eventually(
      `a run of ${workflow}`,
      Effect.sync(waiting),
      (found) => found !== undefined,
      60
    )
    if (run === undefined) return yield* Effect.die(new Error("There is no run."))
    const home = join(dir, String(run.id))
    const api = yield* messagesApi(turns(join(home, "jobs/agent/workspace/work")), modelKey)
    yield* Effect.orDie(github.startRun(run.id))
    const ended = yield* runWorkflow({
      dir: home,
      files,
      workflow: `.github/workflows/${workflow}`,
      inputs: run.inputs,
      secrets: { ANTHROPIC_API_KEY: modelKey },
      checkOut: (target, ref) => {
        git(dir, "clone", "-q", "--no-local", bare, target)
        git(target, "checkout", "-q", ref ?? "main")
        git(target, "remote", "set-url", "origin", `${gitUrl}/acme/app.git`)
      },
      environment: ({ file, permissions }) => ({
        PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`,
        HOME: home,
        ANTHROPIC_BASE_URL: api.url,
        GITHUB_SERVER_URL: gitUrl,
        GITHUB_API_URL: github.url,
        GITHUB_REPOSITORY: "acme/app",
        GITHUB_REF_NAME: "main",
        GITHUB_RUN_ID: String(run.id),
        ...(permissions["id-token"] === "write" &&
          file === reportWorkflow && {
            ACTIONS_ID_TOKEN_REQUEST_URL: `${issuer.url}/${run.id}?api-version=1`,
            ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request"
          })
      })
    })
    const passed = Object.values(ended.jobs).every(({ result }) => result === "success")
    yield* Effect.orDie(github.finishRun(run.id, passed ? "success" : "failure"))
    assert.isTrue(passed, ended.log)
    return { sent: api.sent, log: ended.log }
  })

  return { ...world, bare, call, carryOut }
})

describe("the whole product with the real agent", () => {
  it.live("brings an issue from its label to a reviewed plan and a pull request", () =>
    Effect.gen(function* () {
      const { bare, call, carryOut, github, linear } = yield* scene
      const identifier = linear.createIssue({
        team: "ENG",
        title: "Search titles",
        description: "Please search titles.",
        labels: ["AI-Implement"]
      })
      yield* carryOut("claude-plan.yml", () => [{ text: plan }])
      const { sent } = yield* carryOut("claude-implement.yml", (work) => [
        { tool: "Write", input: { file_path: `${work}/src/search.txt`, content: "titles\n" } },
        { text: done }
      ])
      const prompt = JSON.stringify(sent[0]?.messages)
      for (const words of ["Use the house style.", "Please search titles.", "Change `src/search.txt`."]) {
        assert.include(prompt, words)
      }
      const [pull] = github.pullRequests()
      assert.deepInclude(pull, { title: `${identifier}: Search titles`, base: "main", draft: false })
      assert.include(pull?.body, "Titles are searched.")
      assert.strictEqual(git(bare, "show", `${pull?.branch}:src/search.txt`), "titles")
      const issue = yield* eventually(
        "the issue is ready for review",
        Effect.sync(() => linear.issueByIdentifier(identifier)),
        (seen) => seen?.labels.includes("Ready for Review") === true,
        60
      )
      assert.include(JSON.stringify(issue?.comments), "Architecture Analysis")
      const [implementation, planning] = yield* call("GET", `/api/log?issue=${identifier}`)
      assert.deepInclude(implementation, { phase: "implementation", status: "succeeded" })
      assert.deepInclude(planning, { phase: "planning", status: "succeeded" })
    }).pipe(Effect.scoped)
  )
})

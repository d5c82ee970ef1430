import { afterAll, assert, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { workflowInputs } from "../../src/domain/WorkflowInputs.ts"
import { Database } from "../../src/platform/Sql/Database.ts"
import { type Behaviour, defaultBehaviour, type Job } from "../../src/sandbox/agent/behaviour.ts"
import { onFly } from "../../src/sandbox/agent/onFly.ts"
import { onGitHub } from "../../src/sandbox/agent/onGitHub.ts"
import { makeProgram } from "../../src/sandbox/agent/program/Program.ts"
import { repositoryFiles } from "../../src/sandbox/agent/program/scenario.ts"
import { freePort } from "../../src/sandbox/freePort.ts"
import { databaseUrl } from "../support/databaseUrl.ts"
import { eventually } from "../support/eventually.ts"
import { send } from "../support/httpServer.ts"
import { git, program as builtProgram } from "../support/runnerWorld.ts"
import { running } from "../support/running.ts"
import { buildService } from "../support/serviceProgram.ts"
import { TestDb } from "../support/TestDb.ts"
import { makeWorld } from "../support/world.ts"

const backends = ["github-actions", "fly-machines"] as const
type Backend = (typeof backends)[number]

const repository = { owner: "acme", repo: "app" }
const speed = 20
/** The title of an issue whose agent never ends. */
const hanging = "Never end"
const seconds = 90
const timeout = 240_000

/** The service in a process of its own; on both backends each run is carried out by the built program. */
const scene = Effect.fnUntraced(function* (backend: Backend) {
  const port = yield* freePort
  const url = `http://127.0.0.1:${port}`
  const world = yield* makeWorld({
    github: {
      speed,
      repositories: [
        {
          ...repository,
          workflows: [
            { file: "claude-implement.yml", name: "Implement", inputs: workflowInputs.implementation },
            { file: "claude-plan.yml", name: "Plan", inputs: workflowInputs.planning }
          ],
          files: repositoryFiles,
          secrets: ["ANTHROPIC_API_KEY"]
        }
      ]
    },
    fly: { start: "auto" }
  })
  const { fly, github, linear } = world
  const dir = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "ai-implement-program-"))),
    (made) => Effect.sync(() => rmSync(made, { recursive: true, force: true }))
  )
  const program = yield* makeProgram({
    file: builtProgram(),
    dir,
    github,
    githubUrl: github.url,
    speed,
    mode: "program"
  })
  const agent = {
    speed,
    behaviourOf: (job: Job): Behaviour =>
      job.title === hanging ? { ending: "hangs", asks: false } : defaultBehaviour(job),
    openPullRequest: () => Effect.die(new Error("The work was simulated.")),
    program
  }
  github.listen(yield* onGitHub(github, agent))
  yield* onFly(fly, agent)

  const services = yield* Layer.build(Layer.fresh(TestDb))
  const env: Record<string, string> = {
    ...world.env,
    DATABASE_URL: databaseUrl(Context.get(services, Database).location).href,
    PORT: String(port),
    PUBLIC_URL: url
  }
  const { file } = yield* Effect.promise(builtService)
  let service = yield* running(env, file)
  const call = Effect.fnUntraced(function* (method: string, path: string, body?: unknown, token?: string) {
    const answer = yield* send(path, {
      method,
      headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
      ...(body !== undefined && { body: JSON.stringify(body) })
    }).pipe(Effect.provideService(HttpServer.HttpServer, service.server))
    assert.isBelow(answer.status, 300, answer.body)
    return JSON.parse(answer.body)
  })
  const { token } = yield* call("POST", "/api/auth", { code: env["ADMIN_ACCESS_CODE"], name: "Ada" })
  const api = (method: string, path: string, body?: unknown) => call(method, path, body, token)
  const mapping = { teamKey: "ENG", ...repository, executionMode: backend, planningEnabled: false }
  yield* api("POST", "/api/mappings", mapping)

  const label = (title: string) => linear.createIssue({ team: "ENG", title, labels: ["AI-Implement"] })
  const commentsOf = (identifier: string) => linear.issueByIdentifier(identifier)?.comments ?? []
  const asked = (identifier: string) =>
    eventually(
      "the question",
      Effect.sync(() => commentsOf(identifier).find(({ body }) => body.includes("Two ways would do"))),
      (seen) => seen !== undefined,
      seconds
    )
  const answer = (identifier: string) =>
    Effect.map(asked(identifier), (question) =>
      linear.comment({ issue: identifier, body: "Add a second one", parentId: question?.id ?? "" })
    )
  const labelled = (identifier: string, wanted: string) =>
    eventually(
      `${identifier} gets the label ${wanted}`,
      Effect.sync(() => linear.issueByIdentifier(identifier)?.labels ?? []),
      (labels) => labels.includes(wanted),
      seconds
    )
  const dispatches = (identifier: string) =>
    api("GET", `/api/log?issue=${identifier}`) as Effect.Effect<
      ReadonlyArray<{ id: string; phase: string; status: string }>
    >
  const works = () =>
    github
      .runs()
      .map(({ id }) => String(id))
      .concat(fly.machines().map(({ id }) => id))
  const bare = program.remote.bareOf("acme/app")
  const runs = () => {
    const folder = join(dir, "runs")
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
  }
  const before: Array<string> = []

  return {
    ...world,
    program,
    dir,
    bare,
    runs,
    api,
    remap: (changes: object) => api("POST", "/api/mappings", { ...mapping, ...changes }),
    label,
    commentsOf,
    asked,
    answer,
    labelled,
    dispatches,
    printed: () => works().map(program.printed).join("\n"),
    heads: () => git(bare, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").split("\n"),
    restart: Effect.gen(function* () {
      yield* service.kill
      before.push(service.output())
      service = yield* running(env, file)
    }),
    output: () => [...before, service.output()].join("")
  }
})

let service: ReturnType<typeof buildService> | null = null
const builtService = () => (service ??= buildService("src/main.ts", "whole"))
afterAll(async () => rmSync((await builtService()).dir, { recursive: true, force: true }))

class Scene extends Context.Service<Scene, Effect.Success<ReturnType<typeof scene>>>()("test/Scene") {}

interface Process {
  readonly args: string
  readonly env: string
}

/** The processes that work in a folder. */
const processesIn = (dir: string): ReadonlyArray<Process> =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const args = readFileSync(`/proc/${name}/cmdline`, "utf8")
        const env = readFileSync(`/proc/${name}/environ`, "utf8")
        return (args + env).includes(dir) ? [{ args, env }] : []
      } catch {
        return []
      }
    })

const filesBelow = (dir: string): ReadonlyArray<string> =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

const rarely = Effect.delay("200 millis")

const planning = { planningEnabled: true, autoApprovePlans: true }

for (const backend of backends) {
  const plans = backend === "github-actions"
  const built = Layer.effect(Scene, scene(backend))
  layer(built, { timeout: 60_000, excludeTestServices: true })(
    `the sandbox's agent with the real program (${backend})`,
    (it) => {
      it.effect(
        "ends a run that an operator cancels, and pushes nothing",
        () =>
          Effect.gen(function* () {
            const at = yield* Scene
            const identifier = at.label(hanging)
            yield* eventually(
              "the agent works",
              Effect.sync(() => at.runs().some((run) => existsSync(join(run, "bin/hanging")))),
              (seen) => seen,
              seconds
            )
            const [dispatch] = yield* at.dispatches(identifier)
            yield* at.api("POST", `/api/dispatches/${dispatch?.id}/cancel`)
            yield* eventually(
              "the dispatch has ended",
              rarely(at.dispatches(identifier)),
              (seen) => seen.some(({ status }) => status === "cancelled"),
              seconds
            )
            // Else the next pass starts another run.
            at.linear.setLabels(identifier, [])
            yield* eventually(
              "no process is left",
              rarely(Effect.sync(() => processesIn(join(at.dir, "runs")).map(({ args }) => args))),
              (left) => left.length === 0,
              seconds
            )
            if (plans) {
              yield* eventually(
                "the run is cancelled",
                Effect.sync(() => at.github.runs()[0]?.conclusion),
                (seen) => seen === "cancelled"
              )
            }
            assert.include(at.printed(), plans ? "The run was stopped." : "Result: failed.")
            assert.deepStrictEqual(at.heads(), ["main"])
            assert.deepStrictEqual(at.github.pullRequests(), [])
          }),
        timeout
      )

      it.effect(
        "brings an issue to Ready for Review past a restart and a question, and shows no credential",
        () =>
          Effect.gen(function* () {
            const interactive = { sessionMode: "interactive", ...(plans && planning) }
            const at = yield* Scene
            yield* at.remap(interactive)
            const identifier = at.label("Search titles")
            yield* at.asked(identifier)

            const machine = at.fly.machines().at(-1)
            const environment =
              machine === undefined ? {} : yield* Effect.orDie(at.fly.environmentOf(machine.id))
            const own = processesIn(at.dir)
            const questions = own.flatMap(
              ({ env }) => /(?:^|\0)AI_IMPLEMENT_QUESTIONS_TOKEN=([^\0]+)/.exec(env)?.[1] ?? []
            )
            const secrets = () => [
              ...at.github.tokens().map(({ value }) => value),
              ...questions,
              ...("AI_IMPLEMENT_TOKEN" in environment ? [environment["AI_IMPLEMENT_TOKEN"] ?? ""] : [])
            ]
            assert.lengthOf(plans ? questions : [environment["AI_IMPLEMENT_TOKEN"]], 1)
            assert.isAbove(secrets().length, 1)

            const agents = own.filter(({ args }) => args.includes("bin/claude"))
            assert.lengthOf(agents, 1)
            for (const { args } of own) {
              for (const secret of [...secrets(), at.program.modelKey]) assert.notInclude(args, secret)
            }
            for (const { env } of agents) {
              assert.include(env, at.program.modelKey)
              for (const secret of secrets()) assert.notInclude(env, secret)
              assert.notMatch(env, /(?:^|\0)(?:ACTIONS_|GITHUB_|RUNNER_|AI_IMPLEMENT_|FLY_)/)
            }
            const noneOnDisk = () => {
              for (const file of filesBelow(at.dir)) {
                const text = readFileSync(file, "latin1")
                for (const secret of [...secrets(), at.program.modelKey])
                  assert.notInclude(text, secret, file)
                assert.notMatch(text, /eyJhbGciOi|https?:\/\/[^/\s"]*@127/, file)
              }
            }
            const work = plans ? "agent/workspace/work" : "work"
            const folder = join(at.runs()[0] ?? "", work)
            assert.isTrue(existsSync(join(folder, ".git")))
            noneOnDisk()

            yield* at.restart
            yield* at.answer(identifier)
            yield* at.labelled(identifier, "Ready for Review")
            noneOnDisk()

            const [pull, ...others] = at.github.pullRequests()
            assert.deepStrictEqual(others, [])
            assert.deepInclude(pull, { title: `${identifier}: Search titles`, base: "main", draft: false })
            for (const words of ["> Answer: Add a second one", "node check.mjs", "describes it."]) {
              assert.include(pull?.body, words)
            }
            const path = `changes/${identifier.toLowerCase()}.md`
            assert.strictEqual(
              git(at.bare, "show", `${pull?.branch}:${path}`),
              `# ${identifier}: Search titles`
            )
            assert.strictEqual(git(at.bare, "rev-parse", `refs/heads/${pull?.branch}`), pull?.headSha)
            assert.strictEqual(
              git(at.bare, "log", "-1", "--format=%cn", pull?.branch ?? ""),
              "ai-implement[bot]"
            )
            const found = yield* at.dispatches(identifier)
            assert.deepStrictEqual(
              found.map(({ phase, status }) => [phase, status]),
              [["implementation", "succeeded"], ...(plans ? [["planning", "succeeded"]] : [])]
            )
            const { lines } = yield* at.api("GET", `/api/dispatches/${found[0]?.id}/logs`)
            assert.include(JSON.stringify(lines), "Pull request 1")

            const events = yield* at.api("GET", `/api/dispatches/${found[0]?.id}/events`)
            const said = [
              at.printed(),
              at.output(),
              JSON.stringify([lines, events, at.commentsOf(identifier)]),
              at.github.pullRequests()[0]?.body ?? ""
            ]
            assert.include(said[0], "Pushed ")
            for (const text of said) {
              for (const secret of [...secrets(), at.program.modelKey]) assert.notInclude(text, secret)
              assert.notInclude(text, "eyJhbGciOi")
            }

            const plan = at.commentsOf(identifier).some(({ body }) => body.includes("Architecture Analysis"))
            assert.strictEqual(plan, plans)
            assert.deepStrictEqual(at.github.control.violations(), [])
            yield* eventually(
              "nothing is left of the runs",
              Effect.sync(at.runs),
              (left) => left.length === 0
            )
          }),
        timeout
      )
    }
  )
}

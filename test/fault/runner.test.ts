import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Database } from "../../src/platform/Sql/Database.ts"
import { freePort } from "../../src/sandbox/freePort.ts"
import { serve } from "../../src/sandbox/Upstream.ts"
import { databaseUrl } from "../support/databaseUrl.ts"
import type { Flow } from "../support/flow.ts"
import { makeWorld } from "../support/runnerWorld.ts"
import { clusterPort, eventually, makeScene, start } from "../support/scene.ts"
import { TestDb } from "../support/TestDb.ts"

const repository = { owner: "acme", repo: "app" }

/** The service in a process of its own, with its local upstreams, and a repository over git that both know. */
const scene = Effect.fnUntraced(function* (flow: Flow) {
  const context = yield* Layer.build(Layer.fresh(TestDb))
  const port = yield* freePort
  const made = yield* Effect.gen(function* () {
    const { location } = yield* Database
    const env = {
      DATABASE_URL: databaseUrl(location).href,
      ...(yield* clusterPort),
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`
    }
    const found = yield* makeScene(env, flow)
    yield* found.map
    return found
  }).pipe(Effect.provide(context))
  const { github } = made
  const world = yield* makeWorld({
    ownProcesses: true,
    files: { "WORKFLOW.md": "---\nverify: test -f src/a.txt\n---\n" },
    isPassword: (password) => github.tokens().some(({ value }) => value === password),
    pushed: (heads) =>
      Effect.orDie(
        Effect.forEach(Object.entries(heads), ([branch, sha]) =>
          github.pushBranch({ ...repository, branch, sha })
        )
      )
  })
  return { ...made, world }
})

describe("the runner against the service", () => {
  it.live(
    "a machine asks, is answered, and delivers, though the service is killed and started again meanwhile",
    () =>
      Effect.gen(function* () {
        const {
          env,
          fly,
          github,
          idle,
          label,
          linear,
          machinesOf,
          rows,
          running,
          settled,
          sql,
          world,
          ...rest
        } = yield* scene("machine")
        yield* Effect.orDie(sql`update mappings set session_mode = 'interactive'`)
        const service = yield* start(env)
        yield* idle
        const identifier = yield* label("Add a logo")
        yield* rest.askForPass
        yield* running(identifier)
        const [machine] = machinesOf(identifier)
        const id = machine?.id ?? ""
        yield* fly.startMachine(id)
        const given = yield* fly.environmentOf(id)
        world.play({
          ask: { question: "Which colour?", options: ["red", "blue"] },
          run: "echo logo > src/logo.txt",
          hangs: true
        })
        const program = yield* world.startMachine({ ...given, AI_IMPLEMENT_GITHUB_API_URL: github.url })
        const asked = yield* eventually(
          "the question",
          Effect.sync(
            () =>
              linear
                .issueByIdentifier(identifier)
                ?.comments.find(({ body }) => body.includes("Which colour?")) ?? null
          )
        )
        linear.comment({ issue: identifier, body: "blue", parentId: asked.id })
        yield* eventually(
          "the answer",
          Effect.as(rest.askForPass, null).pipe(
            Effect.delay("300 millis"),
            Effect.map(() => world.isHanging() || null)
          )
        )
        yield* service.kill("SIGKILL")
        yield* service.ended
        world.letGo()
        yield* eventually(
          "it needs the service",
          Effect.sync(() => program.output().includes("== push") || null)
        )
        const again = yield* start(env)
        const { code, output } = yield* program.ended
        yield* fly.exitMachine(id, { code: code ?? 1 })
        assert.strictEqual(code, 0, output)
        const end = yield* settled(identifier)
        assert.strictEqual(end.status, "succeeded", JSON.stringify(end))
        assert.deepStrictEqual(end.answers, ["blue"])
        assert.includeMembers(
          [...end.events],
          ["claimed", "repository_token", "question_asked", "question_answered", "reported", "delivered"]
        )
        const pulls = github.pullRequests()
        assert.lengthOf(pulls, 1)
        assert.strictEqual(pulls[0]?.title, `${identifier}: Add a logo`)
        assert.include(pulls[0]?.body, "> Answer: blue")
        assert.strictEqual(pulls[0]?.headSha, world.heads()[end.branch])
        assert.strictEqual(world.show("src/logo.txt", end.branch), "logo")
        assert.deepStrictEqual(linear.issueByIdentifier(identifier)?.labels, [
          "AI-Implement",
          "Ready for Review"
        ])
        const logged = yield* Effect.orDie(sql`select * from dispatch_logs`)
        assert.include(JSON.stringify(logged), "Question: Which colour?")
        assert.deepStrictEqual(github.control.violations(), [])
        yield* again.kill("SIGKILL")
      }),
    120_000
  )

  it.live(
    "the jobs of a workflow plan, and implement the approved plan with a comment of a person",
    () =>
      Effect.gen(function* () {
        const { askForPass, env, github, idle, label, linear, rows, runsOf, settled, sql, world } =
          yield* scene("planning")
        yield* Effect.orDie(sql`update mappings set auto_approve_plans = true`)
        yield* start(env)
        yield* idle
        const identifier = yield* label("Add a logo")
        linear.comment({ issue: identifier, body: "Make it round." })
        const oidc = yield* serve({
          name: "Issuer",
          handler: ({ headers, url }) =>
            Effect.orDie(
              github.jobToken(Number((headers["authorization"] ?? "").replace("Bearer request-", "")), {
                audience: url.searchParams.get("audience") ?? ""
              })
            ).pipe(Effect.map((value) => ({ status: 200, body: { value } })))
        })

        const work = Effect.fnUntraced(function* (phase: "planning" | "implementation", index: number) {
          yield* askForPass
          const run = yield* eventually(
            `the run of the ${phase}`,
            Effect.sync(
              () =>
                runsOf(identifier).find(({ workflow }) =>
                  workflow.inputs.includes(phase === "planning" ? "plan_feedback" : "plan")
                ) ?? null
            )
          )
          yield* eventually(
            "the dispatch runs",
            Effect.map(
              rows(identifier),
              (found) => found.filter(({ announcedAt }) => announcedAt !== null)[index] ?? null
            )
          )
          yield* github.startRun(run.id)
          const job = {
            AI_IMPLEMENT_PHASE: phase,
            GITHUB_API_URL: github.url,
            ACTIONS_ID_TOKEN_REQUEST_URL: `${oidc.url}/token?v=1`
          }
          const begin = yield* world.begin(String(run.id), run.inputs, job)
          assert.strictEqual(begin.code, 0, begin.output)
          const agent = yield* world.agent({}, run.inputs)
          assert.strictEqual(agent.code, 0, agent.output)
          const publish = yield* world.publish(String(run.id), run.inputs, job)
          assert.strictEqual(publish.code, 0, publish.output)
          yield* github.finishRun(run.id, "success")
        })

        world.play({ text: "# Test Plan\n\nDraw it in `src/logo.txt`." })
        yield* work("planning", 0)
        yield* settled(identifier)
        const prompt = world.seen()?.prompt ?? ""
        assert.include(prompt, "Make it round.")

        world.play({ run: "echo o > src/logo.txt" })
        yield* work("implementation", 1)
        const implemented = yield* eventually(
          "the implementation ends",
          Effect.map(
            rows(identifier),
            (found) => found.find(({ plans, settledAt }) => plans === 0 && settledAt !== null) ?? null
          )
        )
        assert.strictEqual(implemented.status, "succeeded", JSON.stringify(implemented))
        assert.include(world.seen()?.prompt, "Draw it in `src/logo.txt`.")
        assert.include(world.seen()?.prompt, "Make it round.")
        assert.lengthOf(github.pullRequests(), 1)
        assert.strictEqual(world.show("src/logo.txt", implemented.branch), "o")
        assert.deepStrictEqual(github.control.violations(), [])
      }),
    120_000
  )
})

import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { inject } from "vitest"
import { messagesApi, type Turn } from "../support/agent/messagesApi.ts"
import { makeWorld, modelKey, type WorldOptions } from "../support/runnerWorld.ts"

const done =
  "## What was done\n\nThe search looks at titles.\n\n## How it was verified\n\nBy its test.\n\n## Gaps\n\nNone"

const files = {
  "WORKFLOW.md":
    "---\nsetup: mkdir ignored\nverify: grep -q titles src/search.txt\n---\nUse the house style.\n",
  "CLAUDE.md": "The house style is plain.\n"
}

interface Script {
  /** Path of the agent's work tree → what the model does. */
  readonly turns: (work: string) => ReadonlyArray<Turn>
  readonly key?: string
}

/** The three jobs and the machine with the real command line, and a model that follows the script. */
const playing = Effect.fnUntraced(function* ({ key = modelKey, turns }: Script, options: WorldOptions = {}) {
  const world = yield* makeWorld({ files, ...options })
  const work = join(world.dir, "jobs/agent/work")
  const machineWork = join(world.dir, "machine/workspace/work")
  const envFor = (folder: string) =>
    Effect.map(messagesApi(turns(folder), key), (api) => ({
      api,
      env: { AI_IMPLEMENT_AGENT: inject("agent"), ANTHROPIC_BASE_URL: api.url }
    }))
  return {
    world,
    work,
    jobs: Effect.gen(function* () {
      const { api, env } = yield* envFor(work)
      return { ...(yield* world.jobs(env)), sent: api.sent }
    }),
    machine: Effect.gen(function* () {
      const { api, env } = yield* envFor(machineWork)
      return { ...(yield* world.machine({ ...env, IS_SANDBOX: "1" })), sent: api.sent }
    })
  }
})

const search = (work: string): Turn => ({
  tool: "Write",
  input: { file_path: `${work}/src/search.txt`, content: "titles\n" }
})

const look: Turn = { tool: "Bash", input: { command: "git status --short", description: "Look" } }

describe("Claude Code", () => {
  it.live("implements an issue from the prompt to a pull request in the jobs of a workflow", () =>
    Effect.gen(function* () {
      const { jobs, world } = yield* playing({ turns: (work) => [search(work), look, { text: done }] })
      const { agent, publish, sent } = yield* jobs
      assert.deepStrictEqual([agent.code, publish.code], [0, 0], agent.output + publish.output)
      assert.strictEqual(world.show("src/search.txt"), "titles")
      assert.deepInclude(world.pulls[0], { title: "ENG-42: Add search", head: world.branch, draft: false })
      assert.include(world.pulls[0]?.body, "The search looks at titles.")
      assert.deepInclude(world.service.reports[0], { outcome: "delivered", turns: 3, tokens: 3300 })
      assert.isAbove(world.service.reports[0]?.costUsd ?? 0, 0)
      const prompt = JSON.stringify(sent[0]?.messages)
      assert.include(prompt, "Use the house style.")
      assert.include(prompt, "The house style is plain.")
      assert.include(JSON.stringify(sent[2]?.messages), "?? src/search.txt")
    })
  )

  it.live("implements an issue in a session machine", () =>
    Effect.gen(function* () {
      const { machine, world } = yield* playing({ turns: (work) => [search(work), { text: done }] })
      const { code, output } = yield* machine
      assert.strictEqual(code, 0, output)
      assert.strictEqual(world.show("src/search.txt"), "titles")
      assert.deepInclude(world.service.reports[0], { outcome: "delivered", turns: 2 })
      assert.includeMembers(world.service.steps, ["context", "clone", "agent", "verify", "report"])
    })
  )

  it.live("may not write while it plans", () =>
    Effect.gen(function* () {
      const plan = "# Architecture Analysis\n\nOne module.\n\n# Test Plan\n\nOne test."
      const { jobs, work, world } = yield* playing(
        { turns: (dir) => [search(dir), { text: plan }] },
        { context: { phase: "planning" } }
      )
      const { agent, publish } = yield* jobs
      assert.deepStrictEqual([agent.code, publish.code], [0, 0], agent.output + publish.output)
      assert.isFalse(existsSync(join(work, "src/search.txt")))
      const [report] = world.service.reports
      assert.deepStrictEqual(
        report?.plan?.map(({ title }) => title),
        ["Architecture Analysis", "Test Plan"]
      )
      assert.deepStrictEqual(world.pulls, [])
    })
  )

  it.live("asks a person and reads the answer", () =>
    Effect.gen(function* () {
      const { jobs, world } = yield* playing(
        {
          turns: (work) => [
            { tool: "mcp__ai_implement__ask_human", input: { question: "Titles or texts?" } },
            search(work),
            { text: done }
          ]
        },
        { context: { sessionMode: "hybrid" }, answer: 'Titles, "only" titles.' }
      )
      const { agent, sent } = yield* jobs
      assert.strictEqual(agent.code, 0, agent.output)
      assert.deepInclude(world.service.asked[0], { text: "Titles or texts?" })
      assert.include(JSON.stringify(sent[1]?.messages), "only")
      assert.include(world.pulls[0]?.body, "Titles or texts?")
    })
  )

  it.live("leaves a draft with what it has when it reaches its turns", () =>
    Effect.gen(function* () {
      const { jobs, world } = yield* playing(
        { turns: (work) => [search(work), look] },
        { context: { maxTurns: 3 } }
      )
      const { agent } = yield* jobs
      assert.strictEqual(agent.code, 0, agent.output)
      assert.isTrue(world.pulls[0]?.draft)
      assert.include(world.pulls[0]?.body, "limit of turns")
    })
  )

  it.live("leaves a draft with what it has when it reaches its budget", () =>
    Effect.gen(function* () {
      const { jobs, world } = yield* playing(
        { turns: (work) => [search(work), look] },
        { context: { maxCostUsd: 0.01 } }
      )
      const { agent } = yield* jobs
      assert.strictEqual(agent.code, 0, agent.output)
      assert.isTrue(world.pulls[0]?.draft)
      assert.include(world.pulls[0]?.body, "budget")
    })
  )

  it.live("ends within 30 seconds when the model refuses its credential", () =>
    Effect.gen(function* () {
      const { jobs, world } = yield* playing({ turns: () => [{ text: done }], key: "another" })
      const { agent } = yield* jobs.pipe(Effect.timeout("30 seconds"))
      assert.strictEqual(agent.code, 1)
      assert.include(world.service.reports[0]?.failure?.message, "ANTHROPIC_API_KEY")
      assert.deepStrictEqual(world.pulls, [])
    })
  )
})

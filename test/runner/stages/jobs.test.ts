import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { existsSync, readFileSync } from "node:fs"
import { roleArn } from "../../support/orchestratorDouble.ts"
import { makeWorld } from "../../support/runnerWorld.ts"

describe("the three jobs of a workflow", { timeout: 90_000 }, () => {
  it.live("implement an issue: the work becomes a pull request in the bot's name, and is reported", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({
        ownProcesses: true,
        files: {
          "WORKFLOW.md":
            "---\nsetup: echo set > ready\nverify: grep change src/a.txt\n---\nUse the house style.\n"
        }
      })
      const begin = yield* world.begin()
      assert.strictEqual(begin.code, 0, begin.output)
      assert.deepInclude(world.outputs("begin"), { claimed: "true", work_ref: "main", questions_token: "" })
      const agent = yield* world.agent()
      assert.strictEqual(agent.code, 0, agent.output)
      const publish = yield* world.publish()
      assert.strictEqual(publish.code, 0, publish.output)

      const [pull] = world.pulls
      assert.lengthOf(world.pulls, 1)
      assert.deepInclude(pull, {
        title: "ENG-42: Add search",
        head: world.branch,
        base: "main",
        draft: false
      })
      assert.include(pull?.body, "Fixes ENG-42")
      assert.include(pull?.body, "`grep change src/a.txt`: passed")
      assert.include(pull?.body, "Model stub-1, $0.42, 370 tokens, 3 turns")
      assert.strictEqual(world.show("src/a.txt"), "a\nchange")
      assert.strictEqual(
        world.log("%an <%ae>|%cn|%(trailers:key=Co-authored-by,separator=%x2C)", `main..${world.branch}`),
        "ai-implement[bot] <ai-implement[bot]@users.noreply.github.com>|ai-implement[bot]|Co-authored-by: Claude Code <noreply@anthropic.com>"
      )
      const [report] = world.service.reports
      assert.lengthOf(world.service.reports, 1)
      assert.deepInclude(report, {
        outcome: "delivered",
        costUsd: 0.42,
        tokens: 370,
        turns: 3,
        model: "stub-1",
        pullRequest: { number: 7, url: "https://github.test/acme/app/pull/7", draft: false }
      })
      assert.strictEqual(
        report?.sessionId,
        world.seen()?.args[(world.seen()?.args.indexOf("--session-id") ?? 0) + 1]
      )
      assert.include(world.seen()?.prompt, "Use the house style.")
    })
  )

  it.live("hand the approved plan, the comments and the parent to the agent", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({
        context: {
          plan: "# Test Plan\n\nChange `src/other/file.ts` too.",
          parent: { identifier: "ENG-1", title: "Search everywhere" },
          comments: [
            { author: "Ada", at: DateTime.makeUnsafe("2026-11-01T10:00:00Z"), text: "Mind the umlauts." }
          ]
        }
      })
      yield* world.jobs()
      const prompt = world.seen()?.prompt ?? ""
      assert.include(prompt, "Change `src/other/file.ts` too.")
      assert.include(prompt, "Ada, 2026-11-01T10:00:00.000Z:\nMind the umlauts.")
      assert.include(prompt, "ENG-1: Search everywhere")
      assert.include(prompt, "as the approved plan below says")
      assert.include(world.service.reports[0]?.gaps, "src/other/file.ts")
    })
  )

  it.live("write a plan and change nothing: files that it changed are dropped", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({
        context: { phase: "planning", planFeedback: "Too long." },
        files: { "PLANNING.md": "Plan briefly." },
        scenario: {
          run: "echo spoilt > src/a.txt",
          text: "# Architecture Analysis\n\nOne module.\n\n# Test Plan\n\nOne test.\n"
        }
      })
      const { agent, publish } = yield* world.jobs()
      assert.deepStrictEqual([agent.code, publish.code], [0, 0], agent.output + publish.output)
      const [report] = world.service.reports
      assert.deepStrictEqual(report?.plan, [
        { title: "Architecture Analysis", markdown: "One module." },
        { title: "Test Plan", markdown: "One test." }
      ])
      assert.include(report?.gaps, "src/a.txt")
      assert.deepStrictEqual(Object.keys(world.heads()), ["main"])
      assert.strictEqual(world.service.state.tokens, 0)
      assert.include(world.seen()?.prompt, "Too long.")
      assert.include(world.seen()?.args.join(" "), "--permission-mode dontAsk")
    })
  )

  it.live("a run that changes nothing is not a failure", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({ scenario: { text: "## What was done\nIt works already." } })
      const { publish } = yield* world.jobs()
      assert.strictEqual(publish.code, 0)
      assert.deepInclude(world.service.reports[0], { outcome: "no_change", gaps: "It works already." })
      assert.deepStrictEqual(world.pulls, [])
    })
  )

  it.live("a failing verification makes a draft that says so", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({
        files: { "WORKFLOW.md": "---\nverify: |\n  echo 1 test is red\n  exit 3\n---\n" }
      })
      yield* world.jobs()
      assert.isTrue(world.pulls[0]?.draft)
      assert.include(world.pulls[0]?.body, "verify ended with exit code 3.")
      assert.include(world.pulls[0]?.body, "> 1 test is red")
      assert.deepInclude(world.service.reports[0], { outcome: "verification_failed" })
    })
  )

  it.live("a failing set-up ends the run before the agent starts", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({ files: { "WORKFLOW.md": "---\nsetup: exit 4\n---\n" } })
      yield* world.jobs()
      assert.isNull(world.seen())
      assert.deepInclude(world.service.reports[0]?.failure, {
        reason: "setup_failed",
        message: "setup ended with exit code 4."
      })
    })
  )

  it.live("a hook that takes too long is ended with all its processes", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({
        files: { "WORKFLOW.md": "---\nverify: { run: 'sleep 600 & sleep 600', minutes: 0.01 }\n---\n" }
      })
      yield* world.jobs()
      assert.include(world.pulls[0]?.body, "verify took longer than 0.01 minutes.")
    })
  )

  for (const [subtype, words] of [
    ["error_max_turns", "limit of turns"],
    ["error_max_budget_usd", "budget"]
  ] as const) {
    it.live(`a run that ends with ${subtype} pushes what it has as a draft`, () =>
      Effect.gen(function* () {
        const world = yield* makeWorld({
          files: { "WORKFLOW.md": "---\nmax_turns: 9\nmax_budget_usd: 2\n---\n" },
          context: { maxTurns: 5, maxCostUsd: 7 },
          scenario: { run: "echo half > src/half.txt", subtype, exit: 1 }
        })
        const { agent } = yield* world.jobs()
        assert.strictEqual(agent.code, 0)
        assert.include(world.seen()?.args.join(" "), "--max-turns 5 --max-budget-usd 2")
        assert.isTrue(world.pulls[0]?.draft)
        assert.include(world.pulls[0]?.body, words)
        assert.strictEqual(world.show("src/half.txt"), "half")
        assert.deepInclude(world.service.reports[0], { outcome: "delivered" })
        assert.include(world.service.reports[0]?.gaps, words)
      })
    )
  }

  it.live("a refused credential ends the run at once, with a reason that names it", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({ scenario: { refuses: true } })
      const { agent } = yield* world.jobs().pipe(Effect.timeout("30 seconds"))
      assert.strictEqual(agent.code, 1)
      const failure = world.service.reports[0]?.failure
      assert.strictEqual(failure?.reason, "credential_refused")
      assert.include(failure?.message, "ANTHROPIC_API_KEY")
    })
  )

  it.live("a role of AWS is assumed before the agent starts, which sees nothing of the job's own token", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld()
      const inputs = { provider: "bedrock", aws_region: "eu-west-1" }
      yield* world.begin()
      const env = {
        AI_IMPLEMENT_AWS_ROLE: roleArn,
        AI_IMPLEMENT_STS_URL: `${world.service.url}/_sts`,
        ACTIONS_ID_TOKEN_REQUEST_URL: `${world.service.url}/_oidc?v=1`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-1"
      }
      const { code, output } = yield* world.agent(env, inputs)
      assert.strictEqual(code, 0, output)
      const seen = world.seen()?.env ?? {}
      assert.deepInclude(seen, {
        AWS_ACCESS_KEY_ID: "AK",
        AWS_SECRET_ACCESS_KEY: "secret-access-key",
        AWS_SESSION_TOKEN: "session-token",
        AWS_REGION: "eu-west-1",
        CLAUDE_CODE_USE_BEDROCK: "1"
      })
      for (const name of ["ANTHROPIC_API_KEY", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
        assert.notProperty(seen, name)
      assert.notInclude(output, "secret-access-key")

      const refused = yield* world.agent(
        { ...env, AI_IMPLEMENT_AWS_ROLE: "arn:aws:iam::1:role/other" },
        inputs
      )
      assert.strictEqual(refused.code, 1)
      assert.include(refused.output, "arn:aws:iam::1:role/other")
    })
  )

  it.live("a comment on a pull request is forwarded, and no other event", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld()
      const event = (body: string, rest: object = { pull_request: {} }) => ({
        issue: { number: 7, ...rest },
        comment: { id: 99, body }
      })
      const forwarded = yield* world.comment(event("/ai-implement please"))
      assert.strictEqual(forwarded.code, 0, forwarded.output)
      for (const other of [event("Nice."), event("/ai-implementation"), event("/ai-implement", {})]) {
        assert.include((yield* world.comment(other)).output, "Nothing to do.")
      }
      assert.deepStrictEqual(world.service.lines, ['{"number":7,"commentId":99}'])
    })
  )

  it.live("a question of the agent reaches a person, and its answer the agent and the pull request", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({
        context: { sessionMode: "hybrid" },
        answer: 'Use "b".',
        scenario: { ask: { question: "a or b?", options: ["a", "b"] }, run: "echo b >> src/a.txt" }
      })
      yield* world.jobs()
      assert.deepInclude(world.service.asked[0], { text: "a or b?", options: ["a", "b"] })
      const asked = JSON.stringify(world.asked()?.results[2])
      assert.include(asked, JSON.stringify(JSON.stringify('Use "b".')).slice(1, -1))
      assert.include(world.pulls[0]?.body, "> Question: a or b?")
      assert.include(world.pulls[0]?.body, '> Answer: Use "b".')
      assert.notInclude(JSON.stringify(world.seen()), world.service.questionsToken)
    })
  )

  it.live("an unanswered question ends an interactive run, and nothing is pushed", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({
        context: { sessionMode: "interactive" },
        answer: null,
        scenario: { ask: { question: "a or b?" }, run: "sleep 60" }
      })
      yield* world.jobs().pipe(Effect.timeout("30 seconds"))
      assert.deepInclude(world.service.reports[0], { outcome: "question_unanswered" })
      assert.deepStrictEqual(world.pulls, [])
    })
  )

  it.live("a second claimant ends without work", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld()
      yield* world.begin("1")
      const second = yield* world.begin("2")
      assert.strictEqual(second.code, 0)
      assert.include(readFileSync(`${world.dir}/jobs/begin/output`, "utf8"), "claimed=false")
      assert.include(second.output, "Another run does this work")
    })
  )

  it.live("a cancelled run reports what is known and pushes nothing", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({
        ownProcesses: true,
        scenario: { run: "echo x >> src/a.txt", hangs: true }
      })
      yield* world.begin()
      const agent = yield* world.startAgent()
      yield* Effect.repeat(Effect.sleep("20 millis"), { until: () => world.isHanging() })
      agent.kill("SIGINT")
      const { code } = yield* agent.ended.pipe(Effect.timeout("10 seconds"))
      assert.strictEqual(code, 1)
      world.service.state.ended = true
      yield* world.publish()
      assert.deepInclude(world.service.reports[0]?.failure, { reason: "cancelled" })
      assert.deepInclude(world.service.reports[0], { tokens: 246, turns: 2 })
      assert.deepStrictEqual(Object.keys(world.heads()), ["main"])
    }).pipe(Effect.scoped)
  )

  it.live("a report whose answer is lost is sent again, and the whole stage may be repeated", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld()
      yield* world.begin()
      yield* world.agent()
      world.service.control.failNext({ match: "POST /runner/report", action: { _tag: "resetAfter" } })
      const first = yield* world.publish()
      assert.strictEqual(first.code, 0, first.output)
      assert.lengthOf(world.service.reports, 2)
      const heads = world.heads()
      const again = yield* world.publish()
      assert.strictEqual(again.code, 0, again.output)
      assert.lengthOf(world.service.reports, 3)
      assert.deepStrictEqual(world.heads(), heads)
      assert.lengthOf(world.pulls, 1)
    })
  )

  it.live("without the id of a dispatch end with a sentence that says so", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({ callback: false })
      const inputs = { dispatch_id: "" }
      const begin = yield* world.begin("1", inputs)
      for (const { code, output } of [
        begin,
        yield* world.agent({}, inputs),
        yield* world.publish("1", inputs)
      ]) {
        assert.strictEqual(code, 1)
        assert.strictEqual(
          output,
          "| The dispatch id is missing: this workflow is started by AI-Implement, not by hand.\n"
        )
      }
      assert.strictEqual(world.outputs("begin")["claimed"], "false")
    })
  )

  it.live("without a callback the inputs are the context, and the report is left as a file", () =>
    Effect.gen(function* () {
      const inputs = {
        issue_identifier: "ENG-42",
        issue_title: "Add search",
        issue_description: "By title.",
        issue_url: "https://linear.test/ENG-42",
        branch: "ai-implement/ENG-42-add-search",
        base_branch: "main",
        plan: "Change the README.",
        max_turns: "4",
        comments: JSON.stringify([{ author: null, at: "2026-11-01T10:00:00.000Z", text: "Soon, please." }])
      }
      const world = yield* makeWorld({ callback: false })
      yield* world.begin("1", inputs)
      yield* world.agent({}, inputs)
      const publish = yield* world.publish("1", inputs)
      assert.strictEqual(publish.code, 0, publish.output)
      assert.include(world.seen()?.prompt, "Soon, please.")
      assert.include(world.seen()?.prompt, "Change the README.")
      assert.include(world.seen()?.args.join(" "), "--max-turns 4")
      assert.lengthOf(world.pulls, 1)
      assert.deepStrictEqual(world.service.reports, [])
      assert.isTrue(existsSync(world.handed("report/report.json")))
      assert.deepInclude(JSON.parse(readFileSync(world.handed("report/report.json"), "utf8")), {
        outcome: "delivered",
        dispatchId: "01937c2e-0000-7000-8000-000000000001"
      })
    })
  )
})

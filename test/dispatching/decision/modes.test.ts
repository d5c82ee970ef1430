import { assert, describe, it } from "@effect/vitest"
import type { Mapping } from "../../../src/domain/Mapping.ts"
import { type IssueFacts, decide, type Decision } from "../../../src/dispatching/decision/decide.ts"
import type { DispatchContext } from "../../../src/dispatching/decision/DispatchContext.ts"
import { issueFacts, mapping, now, planFacts, dispatchContext } from "../../support/builders.ts"

const tagOf = (decision: Decision) => (decision.kind === "wait" ? decision.reason._tag : "dispatch")

describe("planning runs on GitHub Actions", () => {
  const fly = { planningEnabled: true, executionMode: "fly-machines", provider: "bedrock" } as const
  const tag = (
    changes: Partial<DispatchContext>,
    plan: IssueFacts["plan"],
    machine: Partial<Mapping> = fly
  ) => tagOf(decide(dispatchContext(changes), issueFacts({ plan, mapping: mapping(machine) }), "poll"))
  const noFly = {
    missingSettings: { "github-actions": [], "fly-machines": ["FLY_SESSIONS_TOKEN"], questions: [] }
  }
  const noGitHub = {
    missingSettings: { "github-actions": ["GITHUB_APP_ID"], "fly-machines": [], questions: [] }
  }

  it("in every runner mode, with any provider", () => {
    assert.strictEqual(tag({}, null), "dispatch")
    assert.strictEqual(tag({ runnerMode: "fly" }, null, { planningEnabled: true }), "dispatch")
    assert.strictEqual(tag({}, planFacts()), "provider_unsupported")
  })

  it("without the settings of Fly, and not without those of GitHub", () => {
    assert.strictEqual(tag(noFly, null), "dispatch")
    assert.strictEqual(tag(noFly, planFacts()), "not_configured")
    assert.strictEqual(tag(noGitHub, null), "not_configured")
  })

  it("while Fly is down, and not while GitHub is", () => {
    const machines = { planningEnabled: true, executionMode: "fly-machines" } as const
    assert.strictEqual(tag({ down: { github: null, fly: now } }, null, machines), "dispatch")
    assert.strictEqual(tag({ down: { github: null, fly: now } }, planFacts(), machines), "upstream_down")
    assert.strictEqual(tag({ down: { github: now, fly: null } }, null, machines), "upstream_down")
  })
})

describe("the settings of a mode", () => {
  it("are not asked for where the runner mode overrides the mapping", () => {
    const context = dispatchContext({
      runnerMode: "gha",
      missingSettings: { "github-actions": [], "fly-machines": ["PUBLIC_URL"], questions: [] }
    })
    const facts = issueFacts({ mapping: mapping({ executionMode: "fly-machines" }) })
    assert.strictEqual(tagOf(decide(context, facts, "poll")), "dispatch")
  })

  it("let Bedrock run on GitHub Actions", () => {
    const facts = issueFacts({ mapping: mapping({ provider: "bedrock" }) })
    assert.strictEqual(tagOf(decide(dispatchContext(), facts, "poll")), "dispatch")
  })
})

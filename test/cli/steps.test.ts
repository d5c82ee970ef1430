import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { type Facts, stepsOf, type Told } from "../../src/cli/doctor/steps.ts"
import type { Overview } from "../../src/domain/Overview.ts"
import { issue } from "../http/fixtures.ts"
import { mapping } from "../support/builders.ts"

const at = DateTime.makeUnsafe("2026-01-02T03:04:05Z")

const overview: Overview = {
  version: "1",
  startedAt: at,
  paused: null,
  poller: { state: "idle", holder: null, lastPass: null, lastGoodAt: null, nextAt: null },
  teams: [],
  waiting: [],
  outcomes24h: [],
  upstreams: [{ name: "linear", state: "ok", since: at, error: null, budgets: [] }],
  notifications: { pending: 0, setAside: 0, lastError: null },
  setup: [],
  settings: [{ name: "PICKUP_LABEL", value: "robot", source: "env" }]
}

const ready = { ready: true, checkedAt: at, checks: [], templates: [] }

const told: Told = {
  overview,
  mappings: [mapping()],
  readiness: [{ teamKey: "ENG", readiness: ready }],
  issues: [],
  dispatched: 0
}

const facts: Facts = { url: "http://ai.test", invalid: null, missing: [], answers: true, told }

const next = (facts: Facts) => {
  const found = stepsOf(facts).find(({ state }) => state === "todo")
  return found === undefined ? null : `${found.step}: ${found.message}`
}

const failing = (pass: string | null) => ({
  ...overview,
  poller: {
    ...overview.poller,
    lastPass: { id: "1", startedAt: at, finishedAt: at, ok: false, candidates: 0, dispatched: 0, error: pass }
  }
})

const cases: ReadonlyArray<readonly [string, Facts, string | null]> = [
  [
    "an environment that cannot be used",
    { ...facts, invalid: "PORT must be a whole number", told: null, answers: false },
    "settings: PORT must be a whole number"
  ],
  [
    "a setting that the running service lacks, whatever is set here",
    {
      ...facts,
      told: {
        ...told,
        overview: {
          ...overview,
          setup: [{ setting: "LINEAR_API_KEY", neededFor: "reading the backlog", message: "Set it." }]
        }
      }
    },
    "LINEAR_API_KEY: is needed for reading the backlog. Set it. Settings belong into the environment of the service, or into a file .env in its folder."
  ],
  [
    "a service that does not answer",
    { ...facts, answers: false, told: null },
    "service: does not answer at http://ai.test. Start it: npm run ai-implement -- serve"
  ],
  [
    "nobody signed in, and says nothing of settings it cannot see",
    { ...facts, told: null, missing: [{ setting: "LINEAR_API_KEY", neededFor: "x", message: "y" }] },
    "sign in: Sign in with the access code: npm run ai-implement -- login"
  ],
  [
    "an upstream that is down",
    {
      ...facts,
      told: {
        ...told,
        overview: {
          ...overview,
          upstreams: [
            { name: "github", state: "down", since: at, error: "GitHub refuses the key.", budgets: [] }
          ]
        }
      }
    },
    "github: is down. GitHub refuses the key."
  ],
  [
    "no mapping",
    { ...facts, told: { ...told, mappings: [], readiness: [] } },
    "mapping: Say which repository a Linear team belongs to: npm run ai-implement -- mappings set TEAM owner/repo"
  ],
  [
    "a repository that lacks something",
    {
      ...facts,
      told: {
        ...told,
        readiness: [
          {
            teamKey: "ENG",
            readiness: {
              ...ready,
              ready: false,
              checks: [{ name: "workflow", ok: false, message: "There is no workflow.", fix: "Add it." }]
            }
          }
        ]
      }
    },
    "repository of ENG: There is no workflow. Add it."
  ],
  [
    "the pause",
    { ...facts, told: { ...told, overview: { ...overview, paused: { reason: null, by: null, at } } } },
    "dispatching: is paused. Resume it: npm run ai-implement -- resume"
  ],
  [
    "a pass that failed",
    { ...facts, told: { ...told, overview: failing("Linear does not answer.") } },
    "passes: The last one failed: Linear does not answer."
  ],
  [
    "no labelled issue, by the label that is set",
    facts,
    "issue: Put the label robot on an issue of a mapped team in Linear, then ask for a pass: npm run ai-implement -- poll"
  ],
  [
    "why the issue waits",
    { ...facts, told: { ...told, issues: [{ ...issue, reason: { _tag: "paused" } }] } },
    "dispatch: ENG-1 waits: its mapping is paused; resume it first."
  ],
  [
    "that the next pass dispatches",
    { ...facts, told: { ...told, issues: [{ ...issue, decision: "dispatch", reason: null }] } },
    "dispatch: The next pass dispatches it. Ask for one: npm run ai-implement -- poll"
  ],
  ["nothing once something was dispatched", { ...facts, told: { ...told, dispatched: 1 } }, null]
]

describe("doctor names as the next step", () => {
  for (const [name, given, expected] of cases) it(name, () => assert.strictEqual(next(given), expected))

  it("one thing at a time, and tells all that come later", () => {
    const steps = stepsOf({ ...facts, answers: false, told: null })
    assert.deepStrictEqual(
      steps.filter(({ state }) => state !== "done").map(({ step, state }) => `${step} ${state}`),
      ["service todo", "sign in later", "mapping later", "issue later", "dispatch later"]
    )
  })
})

import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { type Facts, type Silent, stepsOf, type ServiceFacts } from "../../src/cli/doctor/steps.ts"
import { connectionTestsOf } from "../../src/cli/doctor/connectionTests.ts"
import type { Overview } from "../../src/domain/Overview.ts"
import { dispatch, issue } from "../support/apiSamples.ts"
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
  upstreams: [],
  notifications: { pending: 0, setAside: 0, lastError: null },
  setup: [],
  settings: [{ name: "PICKUP_LABEL", value: "robot", source: "env" }]
}

const ready = { ready: true, checkedAt: at, checks: [], templates: [] }

const serviceFacts: ServiceFacts = {
  _tag: "Answered",
  overview,
  connectionTests: [{ what: "linear", ok: true, message: "Linear answers.", needed: true }],
  mappings: [mapping()],
  readiness: [{ teamKey: "ENG", readiness: ready }],
  issues: [],
  latest: null
}

const facts: Facts = { url: "http://127.0.0.1:8080", invalid: null, missing: [], service: serviceFacts }

const when = (changes: Partial<ServiceFacts>): Facts => ({
  ...facts,
  service: { ...serviceFacts, ...changes }
})

const see = (changes: Partial<Overview>) => when({ overview: { ...overview, ...changes } })

const without = (reason: string, message = "It is odd.", changes: Partial<Facts> = {}): Facts => ({
  ...facts,
  ...changes,
  service: { _tag: "Silent", reason, message } satisfies Silent
})

const lacks = (setting: string) => [{ setting, neededFor: "reading the backlog", message: "Set it." }]

const check = { name: "workflow", ok: false, message: "There is no workflow.", fix: "Add it." }

const passed = (error: string | null) => ({
  poller: {
    ...overview.poller,
    lastPass: { id: "1", startedAt: at, finishedAt: at, ok: false, candidates: 0, dispatched: 0, error }
  }
})

const failing = { what: "fly" as const, ok: false, message: "Fly refuses the token. Check it." }

const next = (facts: Facts) => {
  const found = stepsOf(facts).find(({ state }) => state === "todo")
  return found === undefined ? null : `${found.step}: ${found.message}`
}

const cases: ReadonlyArray<readonly [string, Facts, string | null]> = [
  [
    "an environment that cannot be used",
    without("Unreachable", "", { invalid: "PORT must be a whole number" }),
    "settings: PORT must be a whole number"
  ],
  [
    "a setting that is missing here, where nothing runs yet",
    without("Unreachable", "", { missing: lacks("LINEAR_API_KEY") }),
    "LINEAR_API_KEY: is needed for reading the backlog. Set it. It goes into the environment of the service, or into the file .env in its folder."
  ],
  [
    "a setting that the running service lacks, whatever is set here",
    see({ setup: lacks("SESSION_IMAGE") }),
    "SESSION_IMAGE: is needed for reading the backlog. Set it. It goes into the environment of the service, or into the file .env in its folder."
  ],
  [
    "a service that does not answer here",
    without("Unreachable"),
    "service: does not answer at http://127.0.0.1:8080. Start it, and leave it running: npm run ai-implement -- serve"
  ],
  [
    "a service that does not answer elsewhere, and says nothing of settings it cannot see",
    without("Unreachable", "", { url: "https://ai.test", missing: lacks("LINEAR_API_KEY") }),
    "service: does not answer at https://ai.test. Check the address, and that the service runs there."
  ],
  [
    "something else at that address",
    without("Unexpected", "The answer is 404 and not one of AI-Implement. Check the address."),
    "service: at http://127.0.0.1:8080: The answer is 404 and not one of AI-Implement. Check the address."
  ],
  [
    "a service without its access code",
    without("Disabled", "The API is off. Set ADMIN_ACCESS_CODE."),
    "ADMIN_ACCESS_CODE: The API is off. Set ADMIN_ACCESS_CODE."
  ],
  [
    "that no one is signed in, without settings it cannot read",
    without("Unauthorized", "", { missing: lacks("LINEAR_API_KEY") }),
    "sign in: Sign in with the access code: npm run ai-implement -- login"
  ],
  [
    "a setting whose connection test failed",
    when({ connectionTests: [{ ...failing, needed: true }] }),
    "fly: Fly refuses the token. Check it."
  ],
  [
    "no mapping",
    when({ mappings: [], readiness: [] }),
    "mapping: Say which repository on GitHub a Linear team belongs to: npm run ai-implement -- mappings set TEAM owner/repo"
  ],
  [
    "a repository that lacks something",
    when({ readiness: [{ teamKey: "ENG", readiness: { ...ready, ready: false, checks: [check] } }] }),
    "repository of ENG: There is no workflow. Add it."
  ],
  [
    "a repository that cannot be checked",
    when({ readiness: [{ teamKey: "ENG", readiness: "GitHub does not answer." }] }),
    "repository of ENG: GitHub does not answer."
  ],
  [
    "the pause",
    see({ paused: { reason: null, by: null, at } }),
    "dispatching: is paused. Resume it: npm run ai-implement -- resume"
  ],
  [
    "the pause with its reason",
    see({ paused: { reason: "Moving house.", by: null, at } }),
    "dispatching: is paused: Moving house. Resume it: npm run ai-implement -- resume"
  ],
  [
    "a pass that failed",
    see(passed("Linear does not answer.")),
    "passes: The last one failed: Linear does not answer. The next one follows automatically."
  ],
  [
    "passes that do not come",
    see({ poller: { ...overview.poller, state: "stuck" } }),
    "passes: None has begun or ended in time. Restart the service, and check its log."
  ],
  [
    "no labelled issue, by the label that is set",
    facts,
    "issue: Put the label robot on an open issue of a mapped team in Linear, then request a pass: npm run ai-implement -- poll"
  ],
  [
    "why the issue waits",
    when({ issues: [{ ...issue, reason: { _tag: "paused" } }] }),
    "dispatch: ENG-1 waits: its mapping is paused; resume it first."
  ],
  [
    "that the next pass dispatches",
    when({ issues: [{ ...issue, decision: "dispatch", reason: null }] }),
    "dispatch: The next pass dispatches it. Request one: npm run ai-implement -- poll"
  ],
  ["nothing once something was dispatched", when({ latest: dispatch(1) }), null],
  [
    "nothing that no dispatch waits for",
    when({ latest: dispatch(1), connectionTests: [{ ...failing, needed: false }] }),
    null
  ]
]

describe("doctor names as the next step", () => {
  for (const [name, given, expected] of cases) it(name, () => assert.strictEqual(next(given), expected))

  it("one step at a time, and lists the later ones", () => {
    assert.deepStrictEqual(
      stepsOf(without("Unreachable"))
        .filter(({ state }) => state !== "done")
        .map(({ step, state }) => `${step} ${state}`),
      ["service todo", "sign in later", "mapping later", "issue later", "dispatch later"]
    )
  })
})

describe("doctor notes, without stopping at it", () => {
  const notes = (facts: Facts) =>
    stepsOf(facts).flatMap(({ message, state, step }) => (state === "note" ? [`${step}: ${message}`] : []))

  it("a proxy that is not trusted", () => {
    const trustProxy = { setting: "TRUST_PROXY", neededFor: "telling clients apart", message: "Set it." }
    assert.deepStrictEqual(notes(see({ setup: [trustProxy] })), ["TRUST_PROXY: Set it."])
    assert.isNull(next(when({ overview: { ...overview, setup: [trustProxy] }, latest: dispatch(1) })))
  })

  it("what a ready repository could have, and an upstream that nothing needs", () => {
    const readiness = [{ teamKey: "ENG", readiness: { ...ready, checks: [{ ...check, fix: null }] } }]
    assert.deepStrictEqual(notes(when({ readiness, connectionTests: [{ ...failing, needed: false }] })), [
      "fly: Fly refuses the token. Check it.",
      "repository of ENG: There is no workflow."
    ])
  })

  it("notifications that do not arrive, where they are set up", () => {
    const notifications = { pending: 0, setAside: 1, lastError: "Slack answered 404." }
    const settings = [{ name: "NOTIFY_WEBHOOK_URL", value: "(set)", source: "env" as const }]
    assert.deepStrictEqual(notes(see({ notifications })), [])
    assert.deepStrictEqual(notes(see({ notifications, settings })), [
      "notifications: do not arrive: Slack answered 404. Try it again on the Settings page of the admin."
    ])
  })
})

describe("doctor tries", () => {
  const settings = (...names: ReadonlyArray<string>) =>
    names.map((name) => ({ name, value: name === "RUNNER_MODE" ? "fly" : "(set)", source: "env" as const }))
  const onActions = [{ executionMode: "github-actions" as const }]
  const cases: ReadonlyArray<readonly [string, Parameters<typeof connectionTestsOf>, ReadonlyArray<string>]> =
    [
      ["Linear and GitHub", [{ settings: [], setup: [] }, onActions], ["linear needed", "github needed"]],
      [
        "not Linear without its key",
        [{ settings: [], setup: lacks("LINEAR_API_KEY") }, []],
        ["github needed"]
      ],
      [
        "not GitHub without its key",
        [{ settings: [], setup: lacks("GITHUB_APP_PRIVATE_KEY") }, []],
        ["linear needed"]
      ],
      [
        "Fly where it is set up, though no mapping needs it",
        [{ settings: settings("FLY_SESSIONS_TOKEN"), setup: [] }, onActions],
        ["linear needed", "github needed", "fly"]
      ],
      [
        "Fly as needed by a mapping",
        [{ settings: settings("FLY_SESSIONS_APP"), setup: [] }, [{ executionMode: "fly-machines" }]],
        ["linear needed", "github needed", "fly needed"]
      ],
      [
        "Fly as needed by the runner mode",
        [{ settings: settings("FLY_SESSIONS_APP", "RUNNER_MODE"), setup: [] }, onActions],
        ["linear needed", "github needed", "fly needed"]
      ],
      [
        "not Fly while what it needs is missing",
        [{ settings: settings("FLY_SESSIONS_APP"), setup: lacks("FLY_SESSIONS_TOKEN") }, onActions],
        ["linear needed", "github needed"]
      ]
    ]
  for (const [name, [overview, mappings], expected] of cases) {
    it(name, () =>
      assert.deepStrictEqual(
        connectionTestsOf(overview, mappings).map(({ needed, what }) => (needed ? `${what} needed` : what)),
        expected
      )
    )
  }
})

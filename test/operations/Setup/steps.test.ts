import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { SetupStepName } from "../../../src/domain/Setup.ts"
import type { SetupFacts } from "../../../src/operations/Setup/facts.ts"
import { stepsOf } from "../../../src/operations/Setup/steps.ts"
import type { AppInstallation } from "../../../src/upstreams/CodeHostSetup.ts"
import type { Workspace } from "../../../src/upstreams/TrackerSetup.ts"
import { dispatch, issue } from "../../support/apiSamples.ts"
import { setupFacts } from "../../support/setupFacts.ts"

const at = DateTime.makeUnsafe("2026-01-02T03:04:05Z")
const later = DateTime.add(at, { minutes: 1 })

const known = <A>(value: A) => ({ _tag: "Known" as const, value })

const installation: AppInstallation = {
  account: "acme",
  url: "https://github.com/organizations/acme/settings/installations/5",
  suspended: false,
  missing: { needed: [], optional: [] },
  repositories: [{ owner: "acme", repo: "app", defaultBranch: "main" }]
}

const app = (installations: ReadonlyArray<AppInstallation> = [installation], more = false) =>
  known({
    name: "AI-Implement 1234",
    url: "https://github.com/apps/ai",
    installUrl: "https://github.com/apps/ai/installations/new",
    installations,
    more
  })

const space: Workspace = {
  name: "Acme",
  viewer: "Ada",
  apiPage: "https://linear.app/acme/settings/api",
  teams: [{ id: "t1", key: "ENG", name: "Engineering" }],
  labelled: null,
  webhooks: [{ url: "https://ai.test/webhooks/linear", enabled: true }]
}

const ready = { ready: true, checkedAt: at, checks: [], templates: [] }
const template = {
  file: "WORKFLOW.md",
  installed: null,
  current: "1",
  state: "missing",
  seeded: true
} as const
const secret = { name: "Secrets", ok: false, message: "No secret.", fix: "Add one." }
const branch = { name: "Branch", ok: false, message: "There is no branch.", fix: "Create it." }

const mapping = {
  teamKey: "ENG",
  owner: "acme",
  repo: "app",
  readiness: ready,
  proposal: null
} satisfies SetupFacts["mappings"][number]
const proposal = { number: 4, url: "https://github.com/acme/app/pull/4" }

const accepting = { secret: true, acceptedAt: at, refused: null }
const pullRequest = {
  number: 9,
  url: "https://github.com/acme/app/pull/9",
  state: "open",
  draft: false
} as const

const complete: SetupFacts = {
  ...setupFacts,
  publicUrl: "https://ai.test",
  app: app(),
  workspace: known(space),
  webhooks: { linear: accepting, github: accepting },
  mappings: [mapping],
  poller: { state: "idle", lastPass: null },
  latest: { ...dispatch(1), pullRequest },
  delivered: { ...dispatch(1), pullRequest }
}

const open = { ...complete, latest: null, delivered: null }

const mapped = (changes: Partial<SetupFacts["mappings"][number]>) => ({
  ...complete,
  mappings: [{ ...mapping, ...changes }]
})

const linear = (changes: Partial<Workspace>, facts: Partial<SetupFacts> = {}) => ({
  ...complete,
  ...facts,
  workspace: known({ ...space, ...changes })
})

const on = (...installations: ReadonlyArray<AppInstallation>) => ({ ...complete, app: app(installations) })

const passed = (error: string) => ({
  state: "idle" as const,
  lastPass: { id: "1", startedAt: at, finishedAt: at, ok: false, candidates: 0, dispatched: 0, error }
})

/** The first check of a step that is in this state. */
const shown = (facts: SetupFacts, step: SetupStepName, state: string) =>
  stepsOf(facts)
    .find((each) => each.step === step)
    ?.checks.find((each) => each.state === state)

type Case = readonly [name: string, facts: SetupFacts, step: SetupStepName, message: string, link?: string]

const todo: ReadonlyArray<Case> = [
  ["an address that is not set", setupFacts, "reachable", "PUBLIC_URL is not set"],
  [
    "an App that is not there, with GitHub's page",
    { ...setupFacts, githubWeb: "https://ghe.test" },
    "github-app",
    "There is no GitHub App yet: GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY are not set.",
    "https://ghe.test/settings/apps"
  ],
  [
    "a key that GitHub refuses",
    { ...complete, app: { _tag: "Failed", message: "GitHub refuses the App's key." } },
    "github-app",
    "GitHub refuses the App's key."
  ],
  [
    "an installation that waits for the key",
    setupFacts,
    "installed",
    "Where the App is installed is seen when GitHub accepts the App's key."
  ],
  [
    "an App that is installed nowhere, with the page that installs it",
    on(),
    "installed",
    "The App is not installed on any repository.",
    "https://github.com/apps/ai/installations/new"
  ],
  [
    "permissions that runs need, with the page where an owner accepts them",
    on({ ...installation, missing: { needed: ["actions: write"], optional: [] } }),
    "installed",
    "The installation of acme lacks actions: write.",
    "https://github.com/organizations/acme/settings/installations/5/permissions/update"
  ],
  [
    "a suspended installation",
    on({ ...installation, suspended: true, repositories: [] }),
    "installed",
    "The installation of acme is suspended."
  ],
  [
    "an installation without a repository",
    on({ ...installation, repositories: [] }),
    "installed",
    "The installation of acme has no repository."
  ],
  [
    "a mapped repository that the App is not installed on",
    mapped({ repo: "other" }),
    "installed",
    "The App is not installed on acme/other, which ENG is mapped to."
  ],
  [
    "a key of Linear that is not set, with the page that creates one",
    setupFacts,
    "linear",
    "LINEAR_API_KEY is not set.",
    "https://linear.app/settings/account/security"
  ],
  [
    "a key that Linear refuses",
    { ...complete, workspace: { _tag: "Failed", message: "Linear refuses the key." } },
    "linear",
    "Linear refuses the key."
  ],
  [
    "a webhook whose secret is not set",
    { ...complete, webhooks: { ...complete.webhooks, linear: { ...accepting, secret: false } } },
    "linear",
    "LINEAR_WEBHOOK_SECRET is not set: changes in Linear are seen by the next pass only.",
    "https://linear.app/acme/settings/api"
  ],
  [
    "a webhook that Linear does not have",
    linear({ webhooks: [] }),
    "linear",
    "Linear has no webhook to https://ai.test/webhooks/linear."
  ],
  [
    "a webhook that Linear has switched off",
    linear({ webhooks: [{ url: "https://ai.test/webhooks/linear", enabled: false }] }),
    "linear",
    "Linear has switched off the webhook to https://ai.test/webhooks/linear."
  ],
  [
    "a repository without the model's secret, with GitHub's page for it",
    { ...open, mappings: [{ ...mapping, readiness: { ...ready, checks: [secret] } }] },
    "credential",
    "acme/app: No secret.",
    "https://github.com/acme/app/settings/secrets/actions"
  ],
  [
    "an image that session machines need",
    {
      ...complete,
      machines: {
        missing: [{ setting: "SESSION_IMAGE", neededFor: "session machines", message: "Set it." }],
        fly: null
      }
    },
    "credential",
    "SESSION_IMAGE is not set, which session machines need."
  ],
  [
    "a token that Fly refuses",
    { ...complete, machines: { missing: [], fly: { ok: false, message: "Fly refuses the token." } } },
    "credential",
    "Fly refuses the token."
  ],
  [
    "a team that is not mapped",
    { ...complete, mappings: [] },
    "mapping",
    "No team of Linear is mapped to a repository."
  ],
  [
    "a team that Linear does not have",
    linear({ teams: [] }),
    "mapping",
    "ENG → acme/app: Linear has no team ENG, or the key may not see it."
  ],
  [
    "a label that is missing",
    linear({ labelled: [] }),
    "mapping",
    "ENG → acme/app: the team has no label AI-Implement."
  ],
  [
    "files that the repository lacks",
    mapped({ readiness: { ...ready, ready: false, templates: [template] } }),
    "workflows",
    "acme/app lacks the workflow files."
  ],
  [
    "a pull request with the files that is not merged",
    mapped({ readiness: { ...ready, ready: false, templates: [template] }, proposal }),
    "workflows",
    "The pull request with the workflow files of acme/app waits for its merge.",
    "https://github.com/acme/app/pull/4"
  ],
  [
    "what a repository with its files lacks",
    mapped({ readiness: { ...ready, ready: false, checks: [branch] } }),
    "workflows",
    "acme/app: There is no branch."
  ],
  [
    "a repository that cannot be checked",
    mapped({ readiness: "GitHub does not answer." }),
    "workflows",
    "acme/app: GitHub does not answer."
  ],
  [
    "the pause, with its reason",
    { ...complete, paused: { reason: "Moving house.", by: null, at } },
    "test-issue",
    "Dispatching is paused: Moving house."
  ],
  [
    "passes that do not come",
    { ...complete, poller: { state: "stuck", lastPass: null } },
    "test-issue",
    "No pass has begun or ended in time."
  ],
  [
    "a pass that failed",
    { ...complete, poller: passed("Linear does not answer.") },
    "test-issue",
    "The last pass failed: Linear does not answer."
  ],
  ["that nothing was dispatched", open, "test-issue", "Nothing has been dispatched yet."],
  [
    "why the issue waits",
    { ...open, issues: [{ ...issue, reason: { _tag: "paused" } }] },
    "test-issue",
    "ENG-1 waits: its mapping is paused; resume it first."
  ],
  [
    "that the next pass dispatches the issue",
    { ...open, issues: [{ ...issue, decision: "dispatch", reason: null }] },
    "test-issue",
    "The next pass dispatches ENG-1."
  ],
  [
    "a run that has not ended",
    { ...open, latest: { ...dispatch(1), status: "running", outcome: null } },
    "test-issue",
    "ENG-1 is running. Its pull request follows."
  ],
  [
    "a run that failed",
    {
      ...open,
      latest: {
        ...dispatch(1),
        status: "failed",
        outcome: { kind: "failed", reason: "no_change", message: "The agent failed.", facts: {} }
      }
    },
    "test-issue",
    "The last dispatch failed: ENG-1 is failed (The agent failed)."
  ]
]

const note: ReadonlyArray<Case> = [
  [
    "an address at which the service does not reach itself",
    { ...complete, ownCall: "ECONNREFUSED" },
    "reachable",
    "The service did not reach itself at https://ai.test: ECONNREFUSED."
  ],
  [
    "a proxy that is not trusted",
    { ...complete, proxy: "Set TRUST_PROXY." },
    "reachable",
    "Set TRUST_PROXY."
  ],
  [
    "a webhook that was refused after the last accepted one",
    {
      ...complete,
      webhooks: {
        ...complete.webhooks,
        linear: { ...accepting, refused: { at: later, message: "It is unsigned." } }
      }
    },
    "linear",
    "The last webhook of Linear was refused at 2026-01-02 03:05 UTC. It is unsigned."
  ],
  [
    "a webhook that has not arrived yet",
    { ...complete, webhooks: { ...complete.webhooks, github: { ...accepting, acceptedAt: null } } },
    "github-app",
    "No webhook of GitHub has arrived yet: the test issue at the end causes some."
  ],
  [
    "permissions that only make readiness better",
    on({ ...installation, missing: { needed: [], optional: ["secrets: read"] } }),
    "installed",
    "The installation of acme lacks secrets: read."
  ],
  [
    "a missing secret of the model where a pull request has come",
    mapped({ readiness: { ...ready, checks: [secret] } }),
    "credential",
    "acme/app: No secret."
  ],
  [
    "what a ready repository could have",
    mapped({ readiness: { ...ready, checks: [branch] } }),
    "workflows",
    "acme/app: There is no branch."
  ],
  [
    "notifications that do not arrive",
    { ...complete, notifications: { pending: 0, setAside: 1, lastError: "Slack answered 404." } },
    "test-issue",
    "Notifications do not arrive: Slack answered 404."
  ]
]

describe("the set-up", () => {
  for (const [name, facts, step, message, link] of todo) {
    it(`asks for ${name}`, () => {
      const found = shown(facts, step, "todo")
      assert.include(found?.message ?? "", message)
      if (link !== undefined) assert.strictEqual(found?.link?.url, link)
    })
  }

  for (const [name, facts, step, message] of note) {
    it(`notes ${name}, without waiting for it`, () => {
      assert.strictEqual(shown(facts, step, "note")?.message, message)
      assert.isTrue(stepsOf(facts).every(({ state }) => state === "done"))
    })
  }

  it("is done when a pull request has come", () => {
    const steps = stepsOf(complete)
    assert.deepStrictEqual(
      steps.map(({ step, state }) => `${step} ${state}`),
      SetupStepName.literals.map((step) => `${step} done`)
    )
    assert.strictEqual(shown(complete, "test-issue", "done")?.link?.url, pullRequest.url)
  })

  it("asks for one step at a time", () => {
    const states = stepsOf(setupFacts).map(({ state }) => state)
    assert.deepStrictEqual(states, ["todo", "later", "later", "later", "done", "later", "later", "later"])
  })

  it("asks for no address and no webhook where polling only is chosen", () => {
    const facts = { ...open, pollingOnly: true, publicUrl: null, webhooks: setupFacts.webhooks }
    assert.deepStrictEqual(
      stepsOf(facts)
        .filter(({ state }) => state === "todo")
        .map(({ step }) => step),
      ["test-issue"]
    )
  })

  it("takes a call from outside as proof of the address", () => {
    const found = shown({ ...complete, ownCall: "ECONNREFUSED", reachedAt: at }, "reachable", "done")
    assert.include(found?.message ?? "", "Calls from outside arrive, the last at 2026-01-02 03:04 UTC.")
  })

  it("says once what two mappings of one repository share", () => {
    const both = { ...complete, mappings: [mapping, { ...mapping, teamKey: "OPS" }] }
    const [step] = stepsOf(both).filter((each) => each.step === "workflows")
    const messages = step?.checks.map(({ message }) => message) ?? []
    assert.isNotEmpty(messages)
    assert.lengthOf(new Set(messages), messages.length)
  })
})

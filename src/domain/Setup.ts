import * as Schema from "effect/Schema"
import { DispatchId, TeamKey } from "./Ids.ts"
import { githubName } from "./Mapping.ts"
import { someText } from "./Text.ts"

/** The steps of the set-up, in their order. */
export const SetupStepName = Schema.Literals([
  "reachable",
  "github-app",
  "installed",
  "linear",
  "credential",
  "mapping",
  "workflows",
  "test-issue"
])
export type SetupStepName = typeof SetupStepName.Type

export const setupTitles: Readonly<Record<SetupStepName, string>> = {
  reachable: "Address",
  "github-app": "GitHub App",
  installed: "Installation",
  linear: "Linear",
  credential: "Model credential",
  mapping: "Team and repository",
  workflows: "Workflow files",
  "test-issue": "Test issue"
}

/** `note`: no dispatch waits for it. */
export const SetupCheck = Schema.Struct({
  state: Schema.Literals(["done", "todo", "note"]),
  message: Schema.String,
  /** What to do; null where there is nothing to do. */
  fix: Schema.NullOr(Schema.String),
  /** The page of the vendor where it is done. */
  link: Schema.NullOr(Schema.Struct({ text: Schema.String, url: Schema.String })),
  /** The same on the command line, without the name of the program. */
  command: Schema.NullOr(Schema.String)
})
export type SetupCheck = typeof SetupCheck.Type

/** `later`: a step before it is open. */
export const SetupStep = Schema.Struct({
  step: SetupStepName,
  state: Schema.Literals(["done", "todo", "later"]),
  checks: Schema.Array(SetupCheck)
})
export type SetupStep = typeof SetupStep.Type

export const TestIssue = Schema.Struct({
  id: Schema.String,
  identifier: Schema.String,
  url: Schema.String,
  teamKey: Schema.String
})
export type TestIssue = typeof TestIssue.Type

/** How far the set-up is, and what its forms offer. */
export const Setup = Schema.Struct({
  steps: Schema.Array(SetupStep),
  publicUrl: Schema.NullOr(Schema.String),
  pollingOnly: Schema.Boolean,
  pickupLabel: Schema.String,
  teams: Schema.Array(Schema.Struct({ key: Schema.String, name: Schema.String })),
  repositories: Schema.Array(
    Schema.Struct({ owner: Schema.String, repo: Schema.String, defaultBranch: Schema.String })
  ),
  mappings: Schema.Array(
    Schema.Struct({
      teamKey: Schema.String,
      owner: Schema.String,
      repo: Schema.String,
      labelled: Schema.Boolean
    })
  ),
  /** Whether a webhook of Linear can be created, and its secret is not set yet. */
  webhook: Schema.Boolean,
  testIssue: Schema.NullOr(TestIssue),
  /** The newest dispatch of the test issue. */
  testDispatch: Schema.NullOr(DispatchId)
}).annotate({ identifier: "Setup" })
export type Setup = typeof Setup.Type

/** Lines for the environment that are shown once and stored nowhere. */
export const SetupLines = Schema.Struct({
  lines: Schema.Array(Schema.Struct({ name: Schema.String, value: Schema.String })),
  /** Where to continue after the restart; null: on this page. */
  next: Schema.NullOr(Schema.Struct({ text: Schema.String, url: Schema.String }))
}).annotate({ identifier: "SetupLines" })
export type SetupLines = typeof SetupLines.Type

/** The form that the browser posts to GitHub. */
export const ManifestForm = Schema.Struct({ action: Schema.String, manifest: Schema.String }).annotate({
  identifier: "ManifestForm"
})
export type ManifestForm = typeof ManifestForm.Type

const origin = someText(300).check(
  Schema.makeFilter<string>(
    (text) => /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text,
    { message: "must be the origin of this page, such as https://ai-implement.example.com" }
  )
)

export const ManifestInput = Schema.Struct({
  /** The organization that will own the App; null: the account that is signed in at GitHub. */
  organization: Schema.NullOr(githubName),
  /** Where the browser has the admin: GitHub leads back there. */
  origin
})
export type ManifestInput = typeof ManifestInput.Type

export const ManifestCode = Schema.Struct({ code: someText(200), state: someText(200) })
export type ManifestCode = typeof ManifestCode.Type

export const SetupTeam = Schema.Struct({ teamKey: TeamKey })

import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { type Actor, Audit, type Intent, nameOf } from "../../admin/Audit.ts"
import { type MappingNotFound, Mappings } from "../../admin/Mappings.ts"
import { type SettingName, SettingsRepo } from "../../admin/Settings/SettingsRepo.ts"
import { Passes } from "../../dispatching/poller/Passes.ts"
import { githubWeb } from "../../domain/GitHubWeb.ts"
import { StoredIssueId, type TeamKey } from "../../domain/Ids.ts"
import {
  type ManifestCode,
  type ManifestForm,
  type ManifestInput,
  type SetupLines,
  TestIssue
} from "../../domain/Setup.ts"
import { AppConfig } from "../../platform/Config.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"
import { sameText, tokenHash } from "../../platform/tokens.ts"
import { CodeHostSetup } from "../../upstreams/CodeHostSetup.ts"
import { TrackerSetup } from "../../upstreams/TrackerSetup.ts"
import { isCertain, isNotFound, type UpstreamError } from "../../upstreams/UpstreamError.ts"
import { manifestOf, newAppPage } from "./manifest.ts"
import { issueOf } from "./testIssue.ts"

/** The state of the set-up does not allow the command; nothing was changed. */
export class SetupConflict extends Schema.TaggedError<SetupConflict>()("SetupConflict", {
  message: Schema.String
}) {}

export class SetupNotFound extends Schema.TaggedError<SetupNotFound>()("SetupNotFound", {
  message: Schema.String
}) {}

const manifestLifetime = Duration.hours(1)

const StoredTestIssue = Schema.fromJsonString(TestIssue)
const decodeTestIssue = Schema.decodeUnknownOption(StoredTestIssue)
const encodeTestIssue = Schema.encodeSync(StoredTestIssue)

// Stored before Linear is asked: a repeated or simultaneous call creates the same issue.
const ClaimedTestIssue = Schema.fromJsonString(Schema.Struct({ id: StoredIssueId, teamKey: Schema.String }))
const decodeClaim = Schema.decodeUnknownOption(ClaimedTestIssue)
const encodeClaim = Schema.encodeSync(ClaimedTestIssue)

/** What operators do on the page of the set-up. No secret that a vendor hands over is stored or logged. */
export class SetupCommands extends Context.Service<
  SetupCommands,
  {
    /** Whether it was decided to run without webhooks and reports. */
    readonly setPollingOnly: (chosen: boolean, by: Actor) => Effect.Effect<void>
    readonly prepareApp: (input: ManifestInput, by: Actor) => Effect.Effect<ManifestForm>
    readonly receiveApp: (
      code: ManifestCode,
      by: Actor
    ) => Effect.Effect<SetupLines, SetupConflict | UpstreamError>
    readonly createWebhook: (by: Actor) => Effect.Effect<SetupLines, SetupConflict | UpstreamError>
    /** Answers whether the label was missing. */
    readonly createLabel: (
      teamKey: TeamKey,
      by: Actor
    ) => Effect.Effect<boolean, SetupNotFound | UpstreamError>
    readonly createTestIssue: (
      teamKey: TeamKey,
      by: Actor
    ) => Effect.Effect<TestIssue, MappingNotFound | SetupNotFound | SetupConflict | UpstreamError>
    readonly removeTestIssue: (by: Actor) => Effect.Effect<void, SetupNotFound | UpstreamError>
    readonly testIssue: Effect.Effect<TestIssue | null>
    readonly pollingOnly: Effect.Effect<boolean>
  }
>()("ai-implement/operations/Setup/SetupCommands") {
  static readonly layerNoDeps = Layer.effect(
    SetupCommands,
    Effect.gen(function* () {
      const atomically = yield* makeAtomically
      const { GITHUB_API_URL, PICKUP_LABEL, PUBLIC_URL } = yield* AppConfig
      const audit = yield* Audit
      const codeHost = yield* CodeHostSetup
      const mappings = yield* Mappings
      const passes = yield* Passes
      const random = yield* SecureRandom.SecureRandom
      const stored = yield* SettingsRepo
      const tracker = yield* TrackerSetup

      const secret = Effect.map(random.randomBytes(32), Base64Url.encode)

      const put = Effect.fnUntraced(function* (name: SettingName, value: string) {
        yield* stored.put({ name, value, updatedAt: yield* DateTime.now })
      })

      const intend = (by: Actor, action: string, subject: string) =>
        audit.intend({ actor: by, action: `setup.${action}`, subject })

      // A change of which it is not known whether it was made stays in the audit as unconfirmed.
      const settle = <A>({ confirm, withdraw }: Intent, change: Effect.Effect<A, UpstreamError>) =>
        change.pipe(
          Effect.tapError((error) => (isCertain(error) ? withdraw : Effect.void)),
          Effect.tap(() => confirm)
        )

      const outside = <A>(
        [by, action, subject]: readonly [Actor, string, string],
        change: Effect.Effect<A, UpstreamError>
      ) => Effect.flatMap(intend(by, action, subject), (intent) => settle(intent, change))

      const setPollingOnly = Effect.fn("Setup.setPollingOnly")(function* (chosen: boolean, by: Actor) {
        if (chosen) yield* put("setup_polling_only", "true")
        else yield* stored.remove("setup_polling_only")
        yield* audit.record({ actor: by, action: "setup.polling-only", subject: "instance", after: chosen })
      }, atomically)

      // One form at a time: a later one makes the one before useless.
      const prepareApp = Effect.fn("Setup.prepareApp")(function* (
        { organization, origin }: ManifestInput,
        by: Actor
      ) {
        const state = yield* secret
        const web = githubWeb(GITHUB_API_URL)
        const name = `AI-Implement ${(yield* random.uuidV4()).slice(0, 8)}`
        yield* put("setup_manifest", tokenHash(state))
        yield* audit.record({
          actor: by,
          action: "setup.app-prepare",
          subject: organization ?? "own account",
          after: { name }
        })
        return {
          action: newAppPage(web, organization, state),
          manifest: JSON.stringify(manifestOf({ name, publicUrl: PUBLIC_URL, origin, githubWeb: web }))
        }
      }, atomically)

      const takeState = Effect.fnUntraced(function* (state: string, by: Actor) {
        const known = yield* stored.take("setup_manifest", manifestLifetime)
        if (known === null || !sameText(known, tokenHash(state))) {
          return yield* new SetupConflict({
            message:
              "This way back from GitHub is not known: it works once, for an hour, and only for the last form. Nothing was read. Delete the App that was created, and create it again here."
          })
        }
        return yield* intend(by, "app-receive", "GitHub")
      }, atomically)

      const receiveApp = Effect.fn("Setup.receiveApp")(function* ({ code, state }: ManifestCode, by: Actor) {
        const app = yield* settle(yield* takeState(state, by), codeHost.convert(code))
        return {
          lines: [
            { name: "GITHUB_APP_ID", value: app.appId },
            { name: "GITHUB_APP_PRIVATE_KEY", value: Redacted.value(app.privateKey) },
            ...(app.webhookSecret === null
              ? []
              : [{ name: "GITHUB_WEBHOOK_SECRET", value: Redacted.value(app.webhookSecret) }])
          ],
          next: { text: "Install the App", url: app.installUrl }
        }
      })

      const createWebhook = Effect.fn("Setup.createWebhook")(function* (by: Actor) {
        if (PUBLIC_URL === null) {
          return yield* new SetupConflict({
            message: "Linear needs an address to call. Nothing was created. Set PUBLIC_URL and restart."
          })
        }
        const url = `${PUBLIC_URL}/webhooks/linear`
        const { webhooks } = yield* tracker.workspace
        if (webhooks?.some((webhook) => webhook.url === url) === true) {
          return yield* new SetupConflict({
            message: `Linear has a webhook to ${url}, whose secret it does not show again. Nothing was created. Set LINEAR_WEBHOOK_SECRET to it, or delete that webhook in Linear and create it here.`
          })
        }
        const signing = Redacted.make(yield* secret)
        yield* outside([by, "webhook-create", url], tracker.createWebhook({ url, secret: signing }))
        return { lines: [{ name: "LINEAR_WEBHOOK_SECRET", value: Redacted.value(signing) }], next: null }
      })

      const teamOf = Effect.fnUntraced(function* (teamKey: TeamKey) {
        const workspace = yield* tracker.workspace
        const team = workspace.teams.find(({ key }) => key === teamKey)
        if (team === undefined) {
          return yield* new SetupNotFound({
            message: `Linear has no team ${teamKey}, or the key may not see it. Nothing was created.`
          })
        }
        return { ...team, labelled: workspace.labelled === null || workspace.labelled.includes(teamKey) }
      })

      const createLabel = Effect.fn("Setup.createLabel")(function* (teamKey: TeamKey, by: Actor) {
        const { id, labelled } = yield* teamOf(teamKey)
        if (labelled) return false
        yield* outside([by, "label-create", teamKey], tracker.createLabel({ teamId: id, name: PICKUP_LABEL }))
        return true
      })

      const testIssue = Effect.map(stored.find("setup_test_issue"), (text) =>
        Option.getOrNull(decodeTestIssue(text))
      )

      const claimTestIssue = Effect.fnUntraced(function* (teamKey: TeamKey, by: Actor) {
        yield* stored.lock
        const text = yield* stored.find("setup_test_issue")
        const before = decodeTestIssue(text)
        if (Option.isSome(before)) {
          return yield* new SetupConflict({
            message: `There is a test issue already: ${before.value.identifier}. Nothing was created. Remove it first.`
          })
        }
        const claimed = Option.filter(decodeClaim(text), (claim) => claim.teamKey === teamKey)
        const id = Option.isSome(claimed) ? claimed.value.id : StoredIssueId.make(yield* random.uuidV4())
        yield* put("setup_test_issue", encodeClaim({ id, teamKey }))
        return { id, intent: yield* intend(by, "test-issue", teamKey) }
      }, atomically)

      const createTestIssue = Effect.fn("Setup.createTestIssue")(function* (teamKey: TeamKey, by: Actor) {
        yield* mappings.get(teamKey)
        yield* createLabel(teamKey, by)
        const team = yield* teamOf(teamKey)
        const { id, intent } = yield* claimTestIssue(teamKey, by)
        const created = yield* settle(
          intent,
          tracker.createIssue({ id, teamId: team.id, ...issueOf(PICKUP_LABEL) })
        )
        const issue: TestIssue = { ...created, teamKey }
        yield* put("setup_test_issue", encodeTestIssue(issue))
        yield* passes.request(nameOf(by))
        return issue
      })

      const removeTestIssue = Effect.fn("Setup.removeTestIssue")(function* (by: Actor) {
        const issue = yield* testIssue
        if (issue === null)
          return yield* new SetupNotFound({ message: "There is no test issue. Nothing was changed." })
        yield* outside(
          [by, "test-issue-remove", issue.identifier],
          Effect.catchIf(tracker.removeIssue(StoredIssueId.make(issue.id)), isNotFound, () => Effect.void)
        )
        yield* stored.remove("setup_test_issue")
      })

      return SetupCommands.of({
        setPollingOnly,
        prepareApp,
        receiveApp,
        createWebhook,
        createLabel,
        createTestIssue,
        removeTestIssue,
        testIssue,
        pollingOnly: Effect.map(stored.find("setup_polling_only"), (value) => value !== null)
      })
    })
  )
  static readonly layer = SetupCommands.layerNoDeps.pipe(Layer.provide([SettingsRepo.layer, Audit.layer]))
}

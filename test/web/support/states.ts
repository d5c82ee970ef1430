import { page, userEvent } from "vitest/browser"
import type { EventType } from "../../../src/domain/Event.ts"
import { session } from "../../../web/data/session.ts"
import {
  auditEntry,
  dispatch,
  emptyOverview,
  failed,
  question,
  runnerMode,
  settledDispatch
} from "./samples.ts"
import { refusal, type Service, unauthorized } from "./Service.ts"

export interface State {
  readonly name: string
  /** What the service is like before the page is opened. */
  readonly given?: (service: Service) => void
  /** After the address of the page. */
  readonly at?: string
  readonly signedOut?: true
  /** What leads to it from the open page. */
  readonly by?: (service: Service) => Promise<unknown>
  /** What is then seen; null for the page itself. */
  readonly says: string | RegExp | null
}

interface PageStates {
  /** The calls without which there is nothing to show. */
  readonly filledBy: ReadonlyArray<string>
  /** Null where there is always something. */
  readonly empty: Omit<State, "name"> | null
  readonly more: ReadonlyArray<State>
}

const press = (name: string | RegExp) => userEvent.click(page.getByRole("button", { name }).first())
const fill = (label: string, text: string) =>
  userEvent.fill(page.getByLabelText(label, { exact: true }), text)
const choose = (label: string, option: string) =>
  userEvent.selectOptions(page.getByLabelText(label, { exact: true }), option)
const seen = (text: string | RegExp) => page.getByText(text).first().findElement()

const noneMatches: State = { name: "nothing found", at: "?q=zzz", says: /matche?s? the (filters|search)$/ }

const paused = (reason: string | null, by: string | null) => (service: Service) => {
  service.overview = { ...service.overview, paused: { reason, by, at: service.overview.startedAt } }
}
const shows =
  (...dispatches: Service["dispatches"]) =>
  (service: Service) => {
    service.dispatches = dispatches
  }
const asks = (changes: Parameters<typeof question>[1]) => (service: Service) => {
  service.dispatches = [{ ...settledDispatch, outcome: null, status: "running", waitingFor: "answer" }]
  service.questions = [question(1, { dispatchId: settledDispatch.id, ...changes })]
}
const invalid = (path: string, message: string) =>
  refusal(400, "Invalid", "1 field is not valid.", { issues: [{ path, message }] })
const signsIn = (answer: ReturnType<typeof refusal>) => ({
  signedOut: true as const,
  given: (service: Service) => service.answers("POST /api/auth", answer),
  by: async () => {
    await fill("Access code", "code")
    await press("Sign in")
  }
})
/** A session that ends over a half-filled form, and a new one. */
const outAndIn = async (service: Service, call: string, type: EventType) => {
  service.answers(call, unauthorized)
  service.tell(type)
  await seen(/no longer accepts/)
  service.recovers(call)
  await fill("Access code", "code")
  await press("Sign in")
}
const secrets = (route: string): PageStates => ({
  filledBy: [`GET ${route}`],
  empty: {
    given: (service) => {
      service.secrets = []
    },
    says: "No secret is set"
  },
  more: [
    { name: "a secret to be replaced", by: () => press("Replace OLD_TOKEN"), says: /the new value replaces/ },
    { name: "a secret to be deleted", by: () => press("Delete OLD_TOKEN"), says: "Delete OLD_TOKEN?" },
    {
      name: "a name refused",
      given: (service) => service.answers(`POST ${route}`, invalid("name", "begins with a team's prefix")),
      by: async () => {
        await fill("Name", "ENG_KEY")
        await fill("Value", "x")
        await userEvent.keyboard("{Enter}")
      },
      says: "begins with a team's prefix"
    },
    {
      name: "typed before the session ended",
      by: async (service) => {
        await fill("Name", "HALF_TYPED")
        await outAndIn(service, `GET ${route}`, "secret")
      },
      says: /value was not kept/
    }
  ]
})
const mapping: ReadonlyArray<State> = [
  {
    name: "every field shown, some wrong",
    by: async () => {
      await choose("Model provider", "Amazon Bedrock")
      await choose("Runs on", "Fly Machines")
      await choose("Session", "Hybrid")
      await fill("Issues at once", "many")
      await press("Add a variable")
      await fill("Name 1", "GITHUB_TOKEN")
      await press(/^(Save|Create mapping)$/)
    },
    says: /fields? (is|are) not right yet/
  }
]

/** Every state that each page can be in, beside that with data: a page that is not here, by its route, fails. */
export const states: Readonly<Record<string, PageStates>> = {
  "/admin": {
    filledBy: ["GET /api/overview"],
    empty: {
      given: (service) => {
        service.overview = emptyOverview
        service.dispatches = []
      },
      says: "To be set up"
    },
    more: [
      {
        name: "recent dispatches loading",
        given: (service) => service.hangs("GET /api/log"),
        says: "Loading"
      },
      {
        name: "recent dispatches not to be had",
        given: (service) => service.answers("GET /api/log", refusal(409, "Refused", "Not now.")),
        says: "Not now."
      },
      {
        name: "a failed pass, a silent upstream and unsent notifications",
        given: (service) => {
          const { overview } = service
          const { lastPass } = overview.poller
          service.overview = {
            ...overview,
            notifications: { pending: 2, setAside: 1, lastError: "the webhook answered 500" },
            poller: {
              ...overview.poller,
              state: "stuck",
              lastPass: lastPass === null ? null : { ...lastPass, ok: false, error: "Linear did not answer." }
            },
            upstreams: overview.upstreams.map((upstream) => ({
              ...upstream,
              state: "down",
              error: "No answer."
            }))
          }
        },
        says: /Linear did not answer/
      },
      { name: "the pause asked for", by: () => press("Pause all"), says: "Pause all dispatching?" },
      { name: "paused", given: paused("Moving house", "Kim"), says: /Moving house/ },
      {
        name: "paused since a restore",
        given: paused("This database is a copy, or was restored from a backup.", null),
        says: /restored from a backup/
      },
      { name: "a notice", by: () => press("Poll now"), says: "A pass was asked for." },
      {
        name: "a notice of a refusal",
        given: (service) => service.answers("POST /api/poll", refusal(503, "Unavailable", "Linear is down.")),
        by: () => press("Poll now"),
        says: "Linear is down."
      },
      {
        name: "a dispatch to be cancelled",
        by: () => press("Cancel ENG-3"),
        says: /^Cancel the dispatch of/
      },
      { name: "a dispatch to be retried", by: () => press("Retry ENG-8"), says: "Dispatch ENG-8 again?" },
      { name: "the keys", by: () => press("Keys"), says: "Go to Overview" },
      {
        name: "the connection lost",
        by: async (service) => {
          await seen("Running now")
          service.unreachable = true
        },
        says: "Reconnecting"
      }
    ]
  },
  "/admin/sign-in": {
    filledBy: [],
    empty: null,
    more: [
      { name: "no code", signedOut: true, by: () => press("Sign in"), says: "Enter the access code." },
      {
        name: "a wrong code",
        ...signsIn(refusal(401, "InvalidAccessCode", "This is not the access code.")),
        says: "This is not the access code."
      },
      {
        name: "locked out",
        ...signsIn(refusal(429, "TooManyAttempts", "Too many wrong codes.", { retryAfter: 600 })),
        says: /^Too many wrong access codes/
      },
      {
        name: "disabled",
        ...signsIn(refusal(404, "Disabled", "The admin is off: set ADMIN_ACCESS_CODE.")),
        says: /^The admin is off/
      },
      ...(["expired", "refused", "disabled", "left"] as const).map((because): State => ({
        name: `after a session that ended: ${because}`,
        by: async () => {
          await seen("Running now")
          session.end(because)
        },
        says: /has expired|no longer accepts|The admin is off|signed out/
      }))
    ]
  },
  "/admin/issues": {
    filledBy: ["GET /api/issues"],
    empty: {
      given: (service) => {
        service.issues = []
      },
      says: "No candidate"
    },
    more: [
      noneMatches,
      { name: "a plan to be rejected", by: () => press(/^Reject plan/), says: /^Reject the plan of/ },
      {
        name: "a plan rejected without a reason",
        by: async () => {
          await press(/^Reject plan/)
          await press("Reject the plan")
        },
        says: "Say it in a word or two."
      },
      { name: "a label to be cleared", by: () => press(/^Clear label/), says: /^Clear the labels and memory/ }
    ]
  },
  "/admin/dispatches": {
    filledBy: ["GET /api/log"],
    empty: { given: shows(), says: "No dispatch yet" },
    more: [
      noneMatches,
      {
        name: "a dispatch to be cancelled",
        by: () => press("Cancel ENG-3"),
        says: /^Cancel the dispatch of/
      },
      { name: "a dispatch to be retried", by: () => press("Retry ENG-8"), says: "Dispatch ENG-8 again?" },
      {
        name: "several chosen",
        by: () => userEvent.click(page.getByLabelText("Select all that can be cancelled")),
        says: /^\d selected$/
      },
      {
        name: "several to be cancelled",
        by: async () => {
          await userEvent.click(page.getByLabelText("Select all that can be cancelled"))
          await press(/^Cancel \d dispatches$/)
        },
        says: /^Cancel \d dispatches\?$/
      }
    ]
  },
  "/admin/dispatches/:id": {
    filledBy: [`GET /api/dispatches/${settledDispatch.id}`],
    empty: { given: shows(dispatch(3)), says: "There is no such thing." },
    more: [
      {
        name: "running",
        given: shows({ ...dispatch(3), id: settledDispatch.id }),
        says: "Run"
      },
      {
        name: "stopping, with effects that wait",
        given: shows({
          ...dispatch(5, { status: "stopping", stopRequestedAt: settledDispatch.reservedAt }),
          id: settledDispatch.id,
          pending: [
            { effect: "comment", attempts: 3, nextAt: settledDispatch.reservedAt, lastError: "No answer." }
          ]
        }),
        says: /No answer\./
      },
      { name: "failed", given: shows({ ...failed(8), id: settledDispatch.id }), says: /^Failed, / },
      {
        name: "to be cancelled",
        given: shows({ ...dispatch(3), id: settledDispatch.id }),
        by: () => press("Cancel"),
        says: /^Cancel the dispatch of/
      },
      { name: "to be retried", by: () => press("Retry"), says: /^Dispatch ENG-7 again/ },
      { name: "asking", given: asks({}), says: "Which of the two buttons is meant?" },
      {
        name: "asking, with an empty answer",
        given: asks({ options: [] }),
        by: () => press("Send answer"),
        says: "Say it in a word or two."
      },
      {
        name: "answered",
        given: asks({
          answer: { text: "The upper one", by: "Kim", via: "api", at: settledDispatch.reservedAt },
          closedAt: settledDispatch.reservedAt
        }),
        says: /Answered by Kim/
      }
    ]
  },
  "/admin/mappings": {
    filledBy: ["GET /api/mappings"],
    empty: {
      given: (service) => {
        service.mappings = []
      },
      says: "No mapping yet"
    },
    more: [
      noneMatches,
      { name: "a mapping to be deleted", by: () => press("Delete MOB"), says: "Delete the mapping of MOB?" }
    ]
  },
  "/admin/mappings/new": { filledBy: ["GET /api/mappings"], empty: null, more: mapping },
  "/admin/mappings/:teamKey": {
    filledBy: ["GET /api/mappings"],
    empty: {
      given: (service) => {
        service.mappings = []
      },
      says: "There is no mapping for ENG."
    },
    more: [
      ...mapping,
      { name: "to be deleted", by: () => press("Delete"), says: "Delete the mapping of ENG?" },
      {
        name: "readiness loading",
        given: (service) => service.hangs("GET /api/mappings/ENG/readiness"),
        says: "Loading"
      },
      {
        name: "readiness not to be had",
        given: (service) =>
          service.answers("GET /api/mappings/ENG/readiness", refusal(503, "Unavailable", "GitHub is down.")),
        says: "GitHub is down."
      },
      {
        name: "ready",
        given: (service) => {
          service.readiness = { ...service.readiness, ready: true, checks: [], templates: [] }
        },
        says: "Ready"
      },
      {
        name: "typed before the session ended",
        by: async (service) => {
          await fill("Repository", "half-typed")
          await outAndIn(service, "GET /api/mappings", "mapping")
        },
        says: /not saved yet/
      }
    ]
  },
  "/admin/sessions": {
    filledBy: ["GET /api/sessions"],
    empty: {
      given: (service) => {
        service.sessions = []
      },
      says: "No session runs"
    },
    more: [
      noneMatches,
      { name: "a session to be destroyed", by: () => press("Destroy 4d893"), says: "Destroy machine 4d893?" }
    ]
  },
  "/admin/audit": {
    filledBy: ["GET /api/audit"],
    empty: {
      given: (service) => {
        service.audit = []
      },
      says: "Nothing was changed yet"
    },
    more: [
      noneMatches,
      {
        name: "more than one page",
        given: (service) => {
          service.audit = Array.from({ length: 250 }, (_, index) => auditEntry(1000 - index))
        },
        says: "Show older entries"
      }
    ]
  },
  "/admin/docs": {
    filledBy: ["GET /api/openapi.json"],
    empty: null,
    more: [
      noneMatches,
      { name: "a call opened", at: "?call=mappings.save", says: /teamKey: string/ },
      { name: "a stream", at: "?call=events.stream", says: /stays open/ },
      {
        name: "a call that lacks what it needs",
        at: "?call=dispatches.get",
        by: () => press("Send GET: dispatches.get"),
        says: "Is needed for the address."
      },
      {
        name: "a call to be sent",
        at: "?call=mappings.save",
        by: () => press("Send POST: mappings.save"),
        says: "Send this POST to the service?"
      },
      {
        name: "an answer",
        at: "?call=dispatches.get",
        by: async () => {
          await fill("id", settledDispatch.id)
          await userEvent.keyboard("{Enter}")
        },
        says: /^200, after/
      }
    ]
  },
  "/admin/dedup": {
    filledBy: ["GET /api/dedup"],
    empty: {
      given: (service) => {
        service.dedup = []
      },
      says: "No issue is held back"
    },
    more: [
      noneMatches,
      { name: "an entry to be removed", by: () => press("Remove ENG-4"), says: /^Let ENG-4 be dispatched/ }
    ]
  },
  "/admin/secrets": secrets("/api/global-secrets"),
  "/admin/secrets/:teamKey": secrets("/api/mappings/ENG/secrets"),
  "/admin/settings": {
    filledBy: ["GET /api/runner-mode", "GET /api/settings"],
    empty: null,
    more: [
      {
        name: "overridden by the environment, and waiting for a restart",
        given: (service) => {
          const { flySessionsApp } = service.settings
          service.runnerMode = {
            ...runnerMode,
            mode: "gha",
            source: "env",
            storedMode: "fly",
            overriddenByEnv: true
          }
          service.settings = {
            ...service.settings,
            flySessionsApp: { ...flySessionsApp, storedValue: "new-app", restartRequired: true }
          }
        },
        says: /RUNNER_MODE is set/
      },
      {
        name: "a setting refused",
        given: (service) => service.answers("POST /api/settings", invalid("flySessionsRegion", "is not one")),
        by: () => press("Save Fly settings"),
        says: "is not one"
      },
      {
        name: "both tried",
        by: async () => {
          await press("Try Linear")
          await press("Try Fly")
        },
        says: "The token is refused"
      }
    ]
  }
}

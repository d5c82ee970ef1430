import { userEvent } from "vitest/browser"
import { session } from "../../../../web/data/session.ts"
import { auditEntry, settledDispatch, runnerMode } from "../samples.ts"
import { refusal, type Service } from "../Service.ts"
import {
  press,
  fill,
  choose,
  seen,
  noneMatches,
  invalid,
  outAndIn,
  type State,
  type PageStates
} from "./steps.ts"

const signsIn = (answer: ReturnType<typeof refusal>) => ({
  signedOut: true as const,
  given: (service: Service) => service.answers("POST /api/auth", answer),
  by: async () => {
    await fill("Access code", "code")
    await press("Sign in")
  }
})
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
      says: /value was cleared/
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
    says: /fields? (is|are) invalid/
  }
]

export const settings: Readonly<Record<string, PageStates>> = {
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
        says: /Your unsaved changes are restored/
      }
    ]
  },
  "/admin/audit": {
    filledBy: ["GET /api/audit"],
    empty: {
      given: (service) => {
        service.audit = []
      },
      says: "No change yet"
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
        says: "Required for the address."
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
          await press("Test Linear")
          await press("Test Fly")
        },
        says: "The token is refused"
      }
    ]
  }
}

import { emptyOverview } from "../samples.ts"
import { refusal, type Service } from "../Service.ts"
import { press, seen, type PageStates } from "./steps.ts"

const paused = (reason: string | null, by: string | null) => (service: Service) => {
  service.overview = { ...service.overview, paused: { reason, by, at: service.overview.startedAt } }
}

export const overview: Readonly<Record<string, PageStates>> = {
  "/admin": {
    filledBy: ["GET /api/overview"],
    empty: {
      given: (service) => {
        service.overview = emptyOverview
        service.dispatches = []
      },
      says: "Set-up"
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
      { name: "a notice", by: () => press("Poll now"), says: "A pass is requested." },
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
  }
}

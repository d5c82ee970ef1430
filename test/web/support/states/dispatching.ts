import { page, userEvent } from "vitest/browser"
import { dispatch, question, settledDispatch, failed } from "../samples.ts"
import { type Service } from "../Service.ts"
import { press, noneMatches, type PageStates } from "./steps.ts"

const shows =
  (...dispatches: Service["dispatches"]) =>
  (service: Service) => {
    service.dispatches = dispatches
  }
const asks = (changes: Parameters<typeof question>[1]) => (service: Service) => {
  service.dispatches = [{ ...settledDispatch, outcome: null, status: "running", waitingFor: "answer" }]
  service.questions = [question(1, { dispatchId: settledDispatch.id, ...changes })]
}

export const dispatching: Readonly<Record<string, PageStates>> = {
  "/admin/inbox": {
    filledBy: ["GET /api/issues", "GET /api/questions"],
    empty: {
      given: (service) => {
        service.issues = []
      },
      says: "Nothing needs you"
    },
    more: [
      {
        name: "with a question",
        given: (service) => {
          service.questions = [question(1)]
        },
        says: "Which of the two buttons is meant?"
      }
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
        says: "Enter a reason."
      },
      {
        name: "a label to be cleared",
        by: () => press(/^Clear label/),
        says: /^Clear the labels and failures/
      }
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
    empty: { given: shows(dispatch(3)), says: "The resource does not exist." },
    more: [
      {
        name: "running",
        given: shows({ ...dispatch(3), id: settledDispatch.id }),
        says: "Run"
      },
      {
        name: "with a plan to decide about",
        given: shows({ ...settledDispatch, phase: "planning" }),
        says: "Approve plan"
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
        says: "Enter an answer."
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
  "/admin/dedup": {
    filledBy: ["GET /api/dedup"],
    empty: {
      given: (service) => {
        service.dedup = []
      },
      says: "No issue was dispatched in the last 24 hours"
    },
    more: [
      noneMatches,
      { name: "an entry to be removed", by: () => press("Remove ENG-4"), says: /^Let ENG-4 be dispatched/ }
    ]
  }
}

import { dispatch, setup as sample } from "../samples.ts"
import { refusal, type Service } from "../Service.ts"
import { stepsOf } from "../../../../src/operations/Setup/steps.ts"
import { setupFacts } from "../../../support/setupFacts.ts"
import { press, seen, type PageStates } from "./steps.ts"

/** Each form is open: the webhook, a team without its label, files to propose, and the test issue. */
const openForms = (service: Service) => {
  service.setup = {
    ...sample,
    steps: stepsOf({
      ...setupFacts,
      publicUrl: "https://ai.test",
      proxy: "A request came through a proxy.",
      workspace: {
        _tag: "Known",
        value: {
          name: "Acme",
          viewer: "Ada",
          apiPage: "https://linear.app/acme/settings/api",
          teams: [
            { id: "1", key: "ENG", name: "Engineering" },
            { id: "2", key: "WEB", name: "Web" }
          ],
          labelled: [],
          webhooks: []
        }
      }
    }),
    publicUrl: "https://ai.test",
    teams: [
      { key: "ENG", name: "Engineering" },
      { key: "WEB", name: "Web" }
    ],
    repositories: [{ owner: "acme", repo: "app", defaultBranch: "main" }],
    mappings: [{ teamKey: "ENG", owner: "acme", repo: "app", labelled: false }],
    webhook: true
  }
}

export const setup: Readonly<Record<string, PageStates>> = {
  "/admin/setup/:from?": {
    filledBy: ["GET /api/setup"],
    empty: null,
    more: [
      { name: "each form open", given: openForms, says: "Create the webhook in Linear" },
      {
        name: "lines to set, shown once",
        given: openForms,
        by: () => press("Create the webhook in Linear"),
        says: "The webhook is created"
      },
      {
        name: "the lines to be hidden",
        given: openForms,
        by: async () => {
          await press("Create the webhook in Linear")
          await seen("The webhook is created")
          await press("I have set them")
        },
        says: "They cannot be shown again."
      },
      { name: "back from GitHub", at: "/github?code=a&state=b", says: "The App is created" },
      {
        name: "back from GitHub with a code that is used up",
        at: "/github?code=a&state=b",
        given: (service) =>
          service.answers("POST /api/setup/github", refusal(409, "Conflict", "This way back is not known.")),
        says: "This way back is not known."
      },
      {
        name: "an organization refused",
        given: (service) =>
          service.answers("POST /api/setup/github/manifest", refusal(400, "Invalid", "It is no name.")),
        by: () => press("Create the App on GitHub"),
        says: "It is no name."
      },
      {
        name: "a test issue that is followed",
        given: (service) => {
          openForms(service)
          const testIssue = { id: "7", identifier: "ENG-7", url: "https://linear.test/7", teamKey: "ENG" }
          service.setup = { ...service.setup, testIssue, testDispatch: dispatch(1).id }
          service.dispatches = [dispatch(1)]
        },
        says: "Its dispatch"
      }
    ]
  }
}

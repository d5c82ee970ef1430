import { expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import { arrived, listen, open } from "../support/browser.ts"
import { dispatch } from "../support/samples.ts"
import { Service } from "../support/Service.ts"

const press = (name: string | RegExp) => userEvent.click(page.getByRole("button", { name }).first())

const changes: ReadonlyArray<{
  readonly what: string
  readonly at: string
  readonly by: (service: Service) => unknown
  readonly says: string
}> = [
  { what: "what was done", at: "/admin/", by: () => press("Poll now"), says: "A pass is requested. Close" },
  {
    what: "that the connection is lost",
    at: "/admin/mappings",
    by: (service) => {
      service.unreachable = true
    },
    says: "Reconnecting"
  },
  {
    what: "that all is paused, and why",
    at: "/admin/mappings",
    by: (service) => {
      const { overview } = service
      service.overview = {
        ...overview,
        paused: { reason: "Moving house", by: "Kim", at: overview.startedAt }
      }
      service.emit("pause")
    },
    says: "All dispatching is paused by Kim: Moving house"
  },
  {
    what: "how many a filter leaves",
    at: "/admin/issues",
    by: () => userEvent.fill(page.getByRole("searchbox"), "ENG-101"),
    says: "1 of 26 issues"
  },
  {
    what: "how many are chosen",
    at: "/admin/dispatches",
    by: () => userEvent.click(page.getByLabelText("Select ENG-3")),
    says: "1 selected"
  },
  {
    what: "how a dispatch continues",
    at: `/admin/dispatches/${dispatch(3).id}`,
    by: (service) => {
      service.dispatches = [dispatch(3, { status: "stopping" })]
      service.emit("dispatch", dispatch(3).id)
    },
    says: "Stopping"
  },
  {
    what: "what a trial found",
    at: "/admin/settings",
    by: () => press("Test Fly"),
    says: "The token is refused"
  },
  {
    what: "what a call answered",
    at: "/admin/docs?call=dispatches.get",
    by: async () => {
      await userEvent.fill(page.getByLabelText("id", { exact: true }), dispatch(3).id)
      await userEvent.keyboard("{Enter}")
    },
    says: "200, after"
  }
]

it.for(changes)("$what is said politely", async ({ at, by, says }) => {
  const service = open(at)
  await arrived()
  await customElements.whenDefined("notice-bar")
  await new Promise(requestAnimationFrame)
  const heard = listen()
  await by(service)
  await expect.poll(() => heard().some((text) => text.startsWith(says))).toBe(true)
})

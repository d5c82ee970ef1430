import { assert, expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import { open } from "../support/browser.ts"
import { dispatch, failed, succeeded } from "../support/samples.ts"
import { refusal, Service } from "../support/Service.ts"

const small = () => {
  const service = new Service()
  service.dispatches = [dispatch(3), succeeded(7), failed(8)]
  return service
}
const row = (name: RegExp) => page.getByRole("row", { name })
const rows = () => page.getByRole("row").elements().length - 1

it("lists the log with status, outcome and links", async () => {
  open("/admin/dispatches", { service: small() })
  await expect.element(row(/Running ENG-3/)).toBeVisible()
  const ended = row(/Succeeded ENG-7/)
  await expect
    .element(ended.getByRole("link", { name: "PR #31" }))
    .toHaveAttribute("href", "https://github.example/acme/webshop/pull/31")
  await expect.element(ended.getByRole("link", { name: "Run" })).toBeVisible()
  await expect.element(row(/Failed ENG-8 .*No pull request/)).toBeVisible()
})

it("shows what changes without being asked", async () => {
  const service = open("/admin/dispatches", { service: small() })
  await expect.element(row(/Running ENG-3/)).toBeVisible()
  service.dispatches = [{ ...dispatch(3), status: "stopping" }]
  service.emit("dispatch", dispatch(3).id)
  await expect.element(row(/Stopping ENG-3/)).toBeVisible()
})

it("keeps filters in the address", async () => {
  const service = open("/admin/dispatches?status=failed", { service: small() })
  await expect.element(row(/Failed ENG-8/)).toBeVisible()
  expect(rows()).toBe(1)
  expect(service.called("GET /api/log").at(-1)?.query).toBe("?status=failed")
  await userEvent.click(page.getByRole("navigation", { name: "Status" }).getByRole("link", { name: "Live" }))
  await expect.element(row(/Running ENG-3/)).toBeVisible()
  expect(location.search).toBe("?status=live")
  await userEvent.selectOptions(page.getByLabelText("Team"), "OPS")
  await expect.element(page.getByText("No dispatch matches the filters")).toBeVisible()
  await userEvent.click(page.getByRole("button", { name: "Clear filters" }))
  await expect.poll(rows).toBe(3)
  expect(location.search).toBe("")
})

it("searches in what is shown", async () => {
  open("/admin/dispatches", { service: small() })
  await expect.element(row(/Running ENG-3/)).toBeVisible()
  await userEvent.fill(page.getByRole("searchbox"), "eng-7 quota")
  await expect.poll(rows).toBe(1)
  await expect.element(row(/Succeeded ENG-7/)).toBeVisible()
  expect(location.search).toBe("?q=eng-7+quota")
})

it("opens a dispatch by its row, and goes back to the list", async () => {
  open("/admin/dispatches", { service: small() })
  await userEvent.click(
    row(/Running ENG-3/)
      .getByRole("cell")
      .nth(2)
  )
  await expect.element(page.getByRole("heading", { level: 1, name: /^ENG-3/ })).toBeVisible()
  history.back()
  await expect.element(row(/Running ENG-3/)).toBeVisible()
})

it("asks before it cancels, and names what it stops", async () => {
  const service = open("/admin/dispatches", { service: small() })
  await userEvent.click(page.getByRole("button", { name: "Cancel ENG-3" }))
  const dialog = page.getByRole("dialog", { name: "Cancel the dispatch of ENG-3?" })
  await expect.element(dialog.getByText(/^The run in acme\/webshop is asked to stop/)).toBeVisible()
  await userEvent.click(dialog.getByRole("button", { name: "Go back" }))
  expect(service.calls.filter(({ method }) => method === "POST")).toHaveLength(0)
  await userEvent.click(page.getByRole("button", { name: "Cancel ENG-3" }))
  await userEvent.click(page.getByRole("button", { name: "Cancel the dispatch" }))
  await expect.element(row(/Stopping ENG-3/)).toBeVisible()
  await expect.element(page.getByText("ENG-3 is asked to stop.")).toBeVisible()
})

it("cancels the chosen ones together, and says how many it will touch", async () => {
  const service = new Service()
  service.dispatches = [dispatch(3), dispatch(4), dispatch(5), succeeded(7)]
  service.answers(
    `POST /api/dispatches/${dispatch(5).id}/cancel`,
    refusal(409, "Conflict", "The dispatch has ended.")
  )
  open("/admin/dispatches", { service })
  await userEvent.click(page.getByLabelText("Select ENG-3"))
  const bar = page.getByRole("region", { name: "Selection" })
  await expect.element(bar.getByText("1 selected")).toBeVisible()
  expect(page.getByLabelText("Select ENG-7").query()).toBeNull()
  await userEvent.click(page.getByLabelText("Select all that can be cancelled"))
  await expect.element(bar.getByText("3 selected")).toBeVisible()
  await userEvent.click(bar.getByRole("button", { name: "Cancel 3 dispatches" }))
  const dialog = page.getByRole("dialog", { name: "Cancel 3 dispatches?" })
  await expect.element(dialog.getByText(/^The runs of ENG-3, ENG-4, ENG-5 are asked to stop/)).toBeVisible()
  await userEvent.click(dialog.getByRole("button", { name: "Cancel 3 dispatches" }))
  await expect.element(page.getByText("2 asked to stop, 1 refused: The dispatch has ended.")).toBeVisible()
  await expect.element(row(/Stopping ENG-3/)).toBeVisible()
  await expect.element(row(/Stopping ENG-4/)).toBeVisible()
  await expect.element(bar).not.toBeInTheDocument()
})

it("says why a retry was refused", async () => {
  const service = small()
  const { id } = failed(8)
  const reason = { _tag: "team_at_capacity", used: 3, cap: 3 }
  service.answers(
    `POST /api/dispatches/${id}/retry`,
    refusal(409, "NotAdmitted", "ENG has no free slot (3 of 3).", { reason, cleared: [] })
  )
  open("/admin/dispatches", { service })
  await userEvent.click(page.getByRole("button", { name: "Retry ENG-8" }))
  await userEvent.click(page.getByRole("button", { name: "Dispatch again" }))
  await expect.element(page.getByText("ENG has no free slot (3 of 3).")).toBeVisible()
  assert.lengthOf(service.called(`POST /api/dispatches/${id}/retry`), 1)
})

it("says what comes next while the log is empty", async () => {
  const service = new Service()
  service.dispatches = []
  open("/admin/dispatches", { service })
  await expect.element(page.getByText("No dispatch yet")).toBeVisible()
})

it("says why it could not be loaded and tries again", async () => {
  const service = small()
  service.answers("GET /api/log", refusal(503, "DatabaseUnavailable", "The database does not answer."))
  open("/admin/dispatches", { service })
  await expect.element(page.getByText("This could not be loaded")).toBeVisible()
  await expect.element(page.getByText("The database does not answer.")).toBeVisible()
  service.recovers("GET /api/log")
  await userEvent.click(page.getByRole("button", { name: "Try again" }))
  await expect.element(row(/Running ENG-3/)).toBeVisible()
})

it("offers the whole list at an address with a filter that is not valid", async () => {
  open("/admin/dispatches?team=b%20ad!")
  await expect.element(page.getByText("This address is not valid")).toBeVisible()
  await expect.element(page.getByText(/must be a Linear team key/)).toBeVisible()
  await userEvent.click(page.getByRole("link", { name: "Show all" }))
  await expect.element(page.getByRole("table", { name: "Dispatches" })).toBeVisible()
})

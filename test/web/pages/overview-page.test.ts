import { expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import { open } from "../support/browser.ts"
import { dispatch, emptyOverview, succeeded } from "../support/samples.ts"
import { Service } from "../support/Service.ts"

it("says in one look what runs, what waits and why, and what went wrong", async () => {
  open("/admin/")
  await expect.element(page.getByRole("row", { name: /Running ENG-3/ })).toBeVisible()
  await expect.element(page.getByRole("img", { name: "3 of 3 slots used" })).toBeVisible()
  await expect
    .element(page.getByRole("link", { name: /^Team at capacity 7$/ }))
    .toHaveAttribute("href", "/admin/issues?reason=team_at_capacity")
  await expect.element(page.getByRole("img", { name: /Delivered \d+, Failed \d+, Lost 1/ })).toBeVisible()
  await expect.element(page.getByText(/GitHub answered 502 twice/)).toBeVisible()
})

it("says how much of each: five numbers, each leading to what it counts", async () => {
  open("/admin/")
  const figures = page.getByRole("navigation", { name: "In figures" })
  for (const [name, to] of [
    [/^Running 6 of 74 slots$/, "/admin/dispatches?status=live"],
    [/^Needs action 2$/, "/admin/issues?reason=person"],
    [/^Waiting 10$/, "/admin/issues?reason=itself"],
    [/^Went wrong 8 in 24 hours$/, "/admin/dispatches?status=failed"],
    [/^Delivered \d+ in 24 hours$/, "/admin/dispatches?status=succeeded"]
  ] as const) {
    await expect.element(figures.getByRole("link", { name })).toHaveAttribute("href", to)
  }
})

it("lists what runs however much was dispatched since", async () => {
  const service = new Service()
  service.dispatches = [...Array.from({ length: 200 }, (_, index) => succeeded(100 + index)), dispatch(3)]
  open("/admin/", { service })
  await expect.element(page.getByRole("row", { name: /Running ENG-3/ })).toBeVisible()
})

it("says what a pass has found once it has ended, and nothing while it runs", async () => {
  const service = open("/admin/")
  const found = page.getByText("22 candidates, 1 dispatched")
  await expect.element(found).toBeVisible()
  const { overview } = service
  const { lastPass } = overview.poller
  if (lastPass === null) throw new Error("There was no pass.")
  service.overview = {
    ...overview,
    poller: {
      ...overview.poller,
      state: "running",
      lastPass: { ...lastPass, finishedAt: null, candidates: 0, dispatched: 0 }
    }
  }
  service.emit("pass", lastPass.id)
  await expect.element(found).not.toBeInTheDocument()
  await expect.element(page.getByText("0 candidates, 0 dispatched")).not.toBeInTheDocument()
})

it("says which notifications are not sent, and why", async () => {
  const service = new Service()
  service.overview = {
    ...service.overview,
    notifications: { pending: 2, setAside: 1, lastError: "the webhook answered 500" }
  }
  open("/admin/", { service })
  await expect.element(page.getByText("2 not sent yet")).toBeVisible()
  await expect.element(page.getByText("1 set aside after too many attempts")).toBeVisible()
  await expect.element(page.getByText("The webhook answered 500")).toBeVisible()
})

it("retries from the list of what went wrong", async () => {
  const service = open("/admin/")
  await userEvent.click(page.getByRole("button", { name: "Retry ENG-8" }))
  await userEvent.click(page.getByRole("button", { name: "Dispatch again" }))
  await expect.element(page.getByText("ENG-8 is dispatched again.")).toBeVisible()
  expect(service.calls.filter(({ path }) => path.endsWith("/retry"))).toHaveLength(1)
})

it("lists what is still to be set up, with the exact setting", async () => {
  const service = new Service()
  service.overview = emptyOverview
  service.dispatches = []
  open("/admin/", { service })
  await expect.element(page.getByRole("heading", { name: "Set-up" })).toBeVisible()
  await expect.element(page.getByText("LINEAR_API_KEY")).toBeVisible()
  await expect.element(page.getByText(/needed for finding issues/)).toBeVisible()
  await expect.element(page.getByRole("link", { name: "Add a mapping" })).toBeVisible()
  await expect.element(page.getByRole("button", { name: "Poll now" })).toBeDisabled()
})

it("asks for a pass now", async () => {
  const service = open("/admin/")
  await userEvent.click(page.getByRole("button", { name: "Poll now" }))
  await expect.element(page.getByText("A pass is requested.")).toBeVisible()
  expect(service.called("POST /api/poll")).toHaveLength(1)
})

it("pauses everything with a reason, shows it on every page, and resumes", async () => {
  const service = open("/admin/")
  await userEvent.click(page.getByRole("button", { name: "Pause all" }))
  await userEvent.fill(page.getByLabelText("Reason (optional)"), "Moving house")
  await userEvent.click(page.getByRole("dialog").getByRole("button", { name: "Pause all" }))
  expect(service.called("POST /api/pause")[0]?.body).toEqual({ paused: true, reason: "Moving house" })
  await userEvent.click(page.getByRole("link", { name: /^Issues/ }))
  await expect.element(page.getByText(/Moving house/)).toBeVisible()
  await userEvent.click(page.getByRole("button", { name: "Resume" }))
  await expect.element(page.getByText(/Moving house/)).not.toBeInTheDocument()
  expect(service.called("POST /api/pause")[1]?.body).toEqual({ paused: false })
})

import { expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import { open } from "../support/browser.ts"
import { issue, overview, question, reasons } from "../support/samples.ts"
import { Service } from "../support/Service.ts"

it("lists what waits for a person by kind, counts it in the rail and the title, and answers in place", async () => {
  const service = new Service()
  service.questions = [question(1), question(2, { closedAt: question(2).askedAt, text: "An old one" })]
  service.issues = [
    issue(1, reasons.waiting_approval),
    issue(2, reasons.running),
    issue(3, reasons.parked),
    issue(4, reasons.repository_not_ready),
    issue(5, reasons.ready_for_review),
    issue(6, reasons.open_pull_request),
    issue(7, reasons.globally_paused)
  ]
  service.overview = {
    ...overview,
    waiting: service.issues.flatMap(({ reason }) =>
      reason === null ? [] : [{ reason: reason._tag, count: 1 }]
    )
  }
  open("/admin/inbox", { service })
  await expect.element(page.getByRole("heading", { name: "Pull requests to review" })).toBeVisible()
  const headings = page.getByRole("heading", { level: 2 }).elements()
  expect(headings.map(({ textContent }) => textContent)).toEqual([
    "Questions",
    "Plans to decide about",
    "Stopped",
    "Not ready",
    "Pull requests to review"
  ])
  expect(page.getByText("An old one").query()).toBeNull()
  expect(page.getByText("ENG-102", { exact: true }).query()).toBeNull()
  expect(page.getByText("ENG-107", { exact: true }).query()).toBeNull()
  await expect.element(page.getByRole("link", { name: /^Needs you\s*5$/ })).toBeVisible()
  await expect.poll(() => document.title).toBe("(5) Needs you – AI-Implement")
  await expect.element(page.getByRole("link", { name: "Read the plan" })).toBeVisible()
  await userEvent.click(page.getByRole("button", { name: "The lower one" }))
  await userEvent.click(page.getByRole("button", { name: "Send answer" }))
  await expect.element(page.getByRole("heading", { name: "Questions" })).not.toBeInTheDocument()
  expect(service.called(`POST /api/questions/${question(1).id}/answer`)).toHaveLength(1)
  await userEvent.click(page.getByRole("button", { name: "Un-park ENG-103" }))
  await expect.element(page.getByRole("heading", { name: "Stopped" })).not.toBeInTheDocument()
})

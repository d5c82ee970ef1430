import { expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import { open } from "../support/browser.ts"
import {
  dispatch,
  dispatches,
  failed,
  issue,
  question,
  reasons,
  settledDispatch
} from "../support/samples.ts"
import { Service } from "../support/Service.ts"

const show = (shown = settledDispatch) => {
  const service = new Service()
  service.dispatches = [shown]
  return open(`/admin/dispatches/${shown.id}`, { service })
}

it("shows the facts, the outcome, the steps and the events", async () => {
  show()
  await expect.element(page.getByRole("heading", { level: 1, name: /^ENG-7/ })).toBeVisible()
  await expect.element(page.getByText("Delivered, pull request.")).toBeVisible()
  const steps = page.getByRole("list", { name: "Timeline" }).getByRole("listitem")
  await expect
    .poll(() => steps.elements().map((step) => step.textContent?.replace(/\s+/g, " ").trim()))
    .toEqual(["Reserved 1.0 s", "Launch 13 s", "Run 6 min 06 s", "Finding its result 32 s", "Settle 3.0 s"])
  await expect.element(page.getByText("AI-Working is on the issue; state In Progress")).toBeVisible()
  await expect.element(page.getByText("$1.27, 481,220 tokens, 37 turns")).toBeVisible()
  await expect.element(page.getByText("claude-opus-4-7")).toBeVisible()
  await expect.element(page.getByText("Bash: npm publish")).toBeVisible()
})

it("cancels a live dispatch after asking", async () => {
  const service = show(dispatch(3))
  await userEvent.click(page.getByRole("button", { name: "Cancel" }))
  await userEvent.click(page.getByRole("button", { name: "Cancel the dispatch" }))
  await expect.element(page.getByText("Stopping")).toBeVisible()
  expect(service.called(`POST /api/dispatches/${dispatch(3).id}/cancel`)).toHaveLength(1)
  await expect.element(page.getByRole("button", { name: "Cancel" })).not.toBeInTheDocument()
})

it("retries an ended one and goes to the new dispatch", async () => {
  const service = new Service()
  service.dispatches = [...dispatches, dispatch(91)]
  open(`/admin/dispatches/${failed(8).id}`, { service })
  await userEvent.click(page.getByRole("button", { name: "Retry" }))
  await userEvent.click(page.getByRole("button", { name: "Dispatch again" }))
  await expect.element(page.getByRole("heading", { level: 1, name: /^ENG-91/ })).toBeVisible()
  expect(location.pathname).toBe(`/admin/dispatches/${dispatch(91).id}`)
})

it("shows what the run asks, and gives it the answer", async () => {
  const service = new Service()
  service.dispatches = [dispatch(3, { waitingFor: "answer" })]
  service.questions = [question(1), question(2, { dispatchId: dispatch(4).id, text: "Of another run" })]
  open(`/admin/dispatches/${dispatch(3).id}`, { service })
  await expect.element(page.getByText("Which of the two buttons is meant?")).toBeVisible()
  expect(page.getByText("Of another run").query()).toBeNull()
  await userEvent.click(page.getByRole("button", { name: "Send answer" }))
  await expect.element(page.getByText("Enter an answer.")).toBeVisible()
  await userEvent.click(page.getByRole("button", { name: "The lower one" }))
  await userEvent.click(page.getByRole("button", { name: "Send answer" }))
  await expect.element(page.getByText("The answer is given to the run.")).toBeVisible()
  await expect.element(page.getByText(/Answered by Kim here/)).toBeVisible()
  expect(service.called(`POST /api/questions/${question(1).id}/answer`)[0]?.body).toEqual({
    text: "The lower one"
  })
})

it("shows the plan, its text without HTML, what changed since the rejected one, and decides about it", async () => {
  const service = new Service()
  const planning = { ...settledDispatch, id: service.plans.versions[0]?.dispatchId ?? settledDispatch.id }
  service.dispatches = [{ ...planning, phase: "planning" as const }]
  service.issues = [{ ...issue(9, reasons.waiting_approval), issueId: service.plans.issueId }]
  open(`/admin/dispatches/${planning.id}`, { service })
  await expect.element(page.getByRole("heading", { name: "Plan 2" })).toBeVisible()
  await expect.element(page.getByRole("heading", { name: "Architecture Analysis" })).toBeVisible()
  await expect.element(page.getByRole("link", { name: "the guide" })).toHaveAttribute("rel", "noreferrer")
  expect(page.getByRole("link", { name: "this" }).query()).toBeNull()
  await expect.element(page.getByText("<img src=x onerror=alert(1)>")).toBeVisible()
  await expect.element(page.getByText("Plan 1 was rejected by Olga:")).toBeVisible()
  await userEvent.click(page.getByRole("button", { name: "Changes" }))
  await expect
    .element(page.getByRole("region", { name: "Changes" }).getByText(/One large step\./))
    .toBeVisible()
  await userEvent.click(page.getByRole("button", { name: "Plan 1" }))
  await expect.element(page.getByText(/One large step\./)).toBeVisible()
  expect(page.getByRole("button", { name: "Approve plan" }).query()).toBeNull()
  await userEvent.click(page.getByRole("button", { name: "Plan 2" }))
  await userEvent.click(page.getByRole("button", { name: "Approve plan" }))
  await expect
    .element(page.getByText("The plan of ENG-9 is approved; the next pass implements it."))
    .toBeVisible()
  expect(service.called(`POST /api/issues/${service.plans.issueId}/approve`)).toHaveLength(1)
})

for (const [what, id] of [
  ["an unknown", dispatch(77).id],
  ["a malformed", "not-there"]
]) {
  it(`says that there is no dispatch of ${what} id, with a way back`, async () => {
    open(`/admin/dispatches/${id}`)
    await expect.element(page.getByText("There is no such dispatch")).toBeVisible()
    expect(page.getByRole("button", { name: "Try again" }).query()).toBeNull()
    await userEvent.click(page.getByRole("link", { name: "All dispatches" }))
    await expect.element(page.getByRole("heading", { level: 1, name: "Dispatches" })).toBeVisible()
  })
}

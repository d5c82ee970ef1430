import { expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import { focused, open } from "../support/browser.ts"
import { issue, reasons } from "../support/samples.ts"
import { Service } from "../support/Service.ts"

const { blocked, dedup, held, labelled_elsewhere, parked, running, team_at_capacity, waiting_approval } =
  reasons
const service = () => {
  const made = new Service()
  made.issues = [
    issue(0, null),
    issue(1, blocked),
    issue(2, parked),
    issue(3, dedup),
    issue(4, labelled_elsewhere),
    issue(5, team_at_capacity, { teamKey: "OPS" }),
    issue(6, running),
    issue(7, waiting_approval),
    issue(8, held)
  ]
  return made
}
const row = (name: RegExp) => page.getByRole("row", { name })
const rows = () => page.getByRole("row").elements().length - 1

it("lists every candidate with its decision and why", async () => {
  open("/admin/issues")
  await expect.element(row(/ENG-100 .*Dispatching/)).toBeVisible()
  await expect.poll(rows).toBe(26)
})

it("keeps filters in the address", async () => {
  open("/admin/issues?reason=blocked", { service: service() })
  await expect.element(row(/ENG-101/)).toBeVisible()
  expect(rows()).toBe(1)
  await userEvent.selectOptions(page.getByLabelText("Decision"), "All decisions")
  await userEvent.selectOptions(page.getByLabelText("Team"), "OPS")
  await expect.element(row(/ENG-105/)).toBeVisible()
  expect(rows()).toBe(1)
  expect(location.search).toBe("?team=OPS")
})

it("offers what applies to a reason, and nothing else", async () => {
  open("/admin/issues", { service: service() })
  await expect.element(row(/ENG-102/)).toBeVisible()
  const offered = (name: RegExp) =>
    row(name)
      .getByRole("button")
      .elements()
      .map((button) => button.getAttribute("aria-label"))
  expect(offered(/ENG-101/)).toEqual(["Dispatch now ENG-101"])
  expect(offered(/ENG-102/)).toEqual(["Un-park ENG-102", "Dispatch now ENG-102"])
  expect(offered(/ENG-103/)).toEqual(["Clear dedup ENG-103", "Dispatch now ENG-103"])
  expect(offered(/ENG-104/)).toEqual(["Clear label ENG-104"])
  expect(offered(/ENG-105/)).toEqual([])
  expect(offered(/ENG-106/)).toEqual([])
  expect(offered(/ENG-108/)).toEqual(["Release ENG-108", "Dispatch now ENG-108"])
})

it.for([
  ["Dispatch now ENG-101", "POST", "/dispatch", "ENG-101 is dispatched."],
  ["Un-park ENG-102", "POST", "/unpark", "ENG-102 is no longer parked; the next pass considers it."],
  ["Release ENG-108", "POST", "/unpark", "ENG-108 is no longer held; the next pass considers it."]
] as const)("%s does so and says so", async ([name, method, action, done]) => {
  const calls = open("/admin/issues", { service: service() }).calls
  await userEvent.click(page.getByRole("button", { name }))
  await expect.element(page.getByText(done)).toBeVisible()
  expect(calls.some((call) => call.method === method && call.path.endsWith(action))).toBe(true)
})

it.for([
  ["Dispatch now ENG-101", "Dispatch now ENG-101"],
  ["Un-park ENG-102", "Un-park ENG-102"],
  ["Approve plan ENG-107", "Reject plan ENG-107"]
] as const)("%s removes its own button at once", async ([name, other]) => {
  open("/admin/issues", { service: service() })
  const button = page.getByRole("button", { name })
  await userEvent.click(button)
  await expect.element(row(new RegExp(`${name.slice(-7)} .*Dispatching`))).toBeVisible()
  await expect.element(button).not.toBeInTheDocument()
  await expect.element(page.getByRole("button", { name: other })).not.toBeInTheDocument()
})

it("keeps the typed reason and the focus while the list changes", async () => {
  const made = new Service()
  const waits = issue(1, reasons.waiting_approval)
  made.issues = [waits, issue(2, running)]
  open("/admin/issues", { service: made })
  await userEvent.click(page.getByRole("button", { name: "Reject plan ENG-101" }))
  await userEvent.fill(page.getByLabelText("What has to change"), "Smaller")
  made.issues = [{ ...waits, title: "Renamed" }]
  made.emit("issue")
  await expect.element(page.getByText("Renamed")).toBeInTheDocument()
  expect(focused()?.localName).toBe("textarea")
  await userEvent.keyboard(" steps")
  await userEvent.click(page.getByRole("button", { name: "Reject the plan" }))
  await expect.element(page.getByText(/ENG-101 is rejected/)).toBeVisible()
  expect(made.called(`POST /api/issues/${waits.issueId}/reject`)[0]?.body).toEqual({
    reason: "Smaller steps"
  })
})

it.for([
  ["Clear label ENG-104", /^AI-Working is removed/, "Clear label", /ENG-104 is cleared/, "POST"],
  [
    "Clear dedup ENG-103",
    /^Its dedup entry/,
    "Remove from dedup",
    "ENG-103 may be dispatched again.",
    "DELETE"
  ]
] as const)("%s asks before it does so", async ([name, asks, yes, done, method]) => {
  const { calls } = open("/admin/issues", { service: service() })
  const made = () => calls.filter((call) => call.method === method)
  const dialog = page.getByRole("dialog")
  await userEvent.click(page.getByRole("button", { name }))
  await expect.element(dialog.getByText(asks)).toBeVisible()
  await userEvent.click(dialog.getByRole("button", { name: "Go back" }))
  await expect.element(dialog).not.toBeInTheDocument()
  expect(made()).toEqual([])
  await userEvent.click(page.getByRole("button", { name }))
  await userEvent.click(dialog.getByRole("button", { name: yes }))
  await expect.element(page.getByText(done)).toBeVisible()
  expect(made()).toHaveLength(1)
})

it("explains how an issue gets here while there is none", async () => {
  const made = new Service()
  made.issues = []
  open("/admin/issues", { service: made })
  await expect.element(page.getByText(/Add the label AI-Implement to/)).toBeVisible()
})

import { html } from "lit"
import { assert, expect, it } from "vitest"
import { page } from "vitest/browser"
import { type Reason, ReasonTag } from "../../../../src/domain/Reason.ts"
import "../../../../web/features/issues/reason-text.ts"
import { clock } from "../../../../web/lib/time.ts"
import { terms } from "../../../../web/strings/terms.ts"
import { assertAccessible, show } from "../../support/browser.ts"
import { now, reasons } from "../../support/samples.ts"

const textOf = async (reason: Reason) => {
  const place = show(html`<reason-text teamKey="ENG" .reason=${reason}></reason-text>`)
  const element = place.querySelector("reason-text")
  await element?.updateComplete
  await Promise.all(
    [...(element?.shadowRoot?.querySelectorAll("relative-time") ?? [])].map((time) => time.updateComplete)
  )
  const root = element?.shadowRoot
  for (const time of root?.querySelectorAll("relative-time") ?? []) {
    time.replaceWith(time.shadowRoot?.textContent ?? "")
  }
  const text = root?.querySelector("p")?.textContent?.replace(/\s+/g, " ").trim() ?? ""
  place.remove()
  return text
}

const { backing_off, dedup, upstream_down, waiting_approval } = reasons

const expected: Record<ReasonTag, string> = {
  globally_paused: "All dispatching is paused until someone resumes",
  no_mapping: "No mapping team WEB has no repository. Add a mapping",
  paused: "Mapping paused by its own switch. Open the mapping",
  running: "Running implementation",
  settling: "Settling still to do: comment",
  labelled_elsewhere: "Labelled elsewhere wears AI-Working without a dispatch of ours",
  ready_for_review: "Ready for review by its label",
  open_pull_request: "Open pull request acme/webshop/pull/31",
  blocked: "Blocked by ENG-12, ENG-13 and more",
  parked: "Parked after 3 failures: The run failed in step Test.",
  waiting_approval: `Waiting for approval put Plan-Approved on the issue, since ${clock(waiting_approval.since, now)}. Plan (a Plan-Approved older than the plan does not count)`,
  dedup: `Dispatched recently until ${clock(dedup.until, now)}`,
  backing_off: `Backing off until ${clock(backing_off.until, now)}, 2 failures`,
  not_configured: "Not configured set GITHUB_APP_ID, GITHUB_APP_PRIVATE_KEY",
  provider_unsupported: "Provider unsupported Amazon Bedrock does not run on Fly Machines",
  repository_not_ready: "Repository not ready claude-implement.yml is not in the repository",
  budget_low: `Request budget low GitHub, until ${clock(reasons.budget_low.until, now)}`,
  upstream_down: `Upstream down Linear, since ${clock(upstream_down.since, now)}`,
  hourly_limit: `Hourly limit dispatches per hour are bounded; until ${clock(reasons.hourly_limit.until, now)}`,
  team_at_capacity: "Team at capacity 3 of 3 slots used",
  lost_race: "Lost a race another dispatch was faster; the next pass looks again"
}

it.for(ReasonTag.literals)("says %s in words, with its facts", async (tag) => {
  assert.strictEqual(await textOf(reasons[tag]), expected[tag])
})

it("links blockers, the pull request, the dispatch and the mapping", async () => {
  const { blocked, no_mapping, open_pull_request, paused, running } = reasons
  show(
    html`${[blocked, open_pull_request, running, paused, no_mapping].map(
      (reason) => html`<p><reason-text teamKey="ENG" .reason=${reason}></reason-text></p>`
    )}`
  )
  const link = (name: string) => page.getByRole("link", { name, exact: true })
  await expect.element(link("ENG-12")).toHaveAttribute("href", "https://linear.example/ENG-12")
  await expect.element(link("acme/webshop/pull/31")).toHaveAttribute("href", open_pull_request.url)
  await expect
    .element(link("implementation"))
    .toHaveAttribute("href", `/admin/dispatches/${running.dispatchId}`)
  await expect.element(link("Open the mapping")).toHaveAttribute("href", "/admin/mappings/ENG")
  await expect.element(link("Add a mapping")).toHaveAttribute("href", "/admin/mappings/new?team=WEB")
})

it("is accessible for every reason", async () => {
  show(
    html`${Object.values(reasons).map((reason) => html`<p><reason-text teamKey="ENG" .reason=${reason}></reason-text></p>`)}`
  )
  await expect.element(page.getByText(terms.reason.lost_race)).toBeVisible()
  await assertAccessible()
})

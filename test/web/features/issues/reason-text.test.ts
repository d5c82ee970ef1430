import { html } from "lit"
import { assert, expect, it } from "vitest"
import { page } from "vitest/browser"
import type * as DateTime from "effect/DateTime"
import { reasonTitles } from "../../../../src/domain/reasonTitles.ts"
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

const until = (reason: { readonly until: DateTime.Utc }) => clock(reason.until, now)

const expected: Record<ReasonTag, string> = {
  globally_paused: "Dispatching is paused; resume it first",
  no_mapping: "The team WEB has no mapping; add one. Add a mapping",
  paused: "Its mapping is paused; resume it first. Open the mapping",
  waiting_answer: `dispatch asks a question; answer it before ${clock(reasons.waiting_answer.expiresAt, now)}`,
  running: "Its implementation is running (dispatch)",
  settling: "dispatch still settles comment",
  unreadable: "Linear does not show its blockers; check what LINEAR_API_KEY may see",
  labelled_elsewhere: "It has the label AI-Working but no dispatch here; remove the label or reset the issue",
  ready_for_review: "It has the label Ready for Review; remove the label to run it again",
  open_pull_request: "Its pull request is open: acme/webshop/pull/31",
  blocked: "It is blocked by ENG-12, ENG-13 and more",
  held: `Kim cancelled its dispatch at ${clock(reasons.held.at, now)}; release it first`,
  parked: "It is parked after 3 failures; un-park it first. The run failed in step Test.",
  waiting_approval:
    "Its plan waits for approval, and Plan-Approved is older than the plan; approve the plan, or remove the label and add it again. Plan",
  dedup: `It was dispatched in the last 24 h; wait until ${until(reasons.dedup)} or remove it from dedup`,
  backing_off: `It failed 2 times; wait until ${until(reasons.backing_off)}`,
  tracker_not_ready: "Its team in Linear is not ready: The label AI-Working is retired in Linear",
  not_configured: "These settings are missing: GITHUB_APP_ID, GITHUB_APP_PRIVATE_KEY",
  provider_unsupported: "Bedrock does not run with fly-machines; change the mapping",
  repository_not_ready: "Its repository is not ready: claude-implement.yml is not in the repository",
  budget_low: `The request budget of github is low; wait until ${until(reasons.budget_low)}`,
  upstream_down: `Linear has not answered since ${clock(reasons.upstream_down.since, now)}`,
  hourly_limit: `Its team has reached MAX_DISPATCHES_PER_HOUR; wait until ${until(reasons.hourly_limit)}`,
  team_at_capacity: "Its team uses 3 of 3 slots; wait, or raise the cap of its mapping",
  lost_race: "Another dispatch took its place just now; try again"
}

it.for(ReasonTag.literals)("says %s in words, with its facts", async (tag) => {
  assert.strictEqual(await textOf(reasons[tag]), `${reasonTitles[tag]} ${expected[tag]}`)
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
    .element(link("dispatch").first())
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

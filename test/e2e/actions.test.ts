import { assert, layer } from "@effect/vitest"
import type { Page } from "playwright"
import { goTo, unexpected, violations } from "./browser.ts"
import { type Json, Sandbox, step, until } from "./Sandbox.ts"

type Tools = Sandbox["Service"]

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true })
const inDialog = (page: Page, name: string) => page.getByRole("dialog").getByRole("button", { name })
const row = (page: Page, text: string) =>
  page
    .getByRole("row")
    .filter({ hasText: new RegExp(`${text}(?!\\d)`) })
    .first()

/** The actions of a row are seen when it is hovered. */
const act = async (page: Page, text: string, action: string) => {
  await row(page, text).hover()
  await button(page, `${action} ${text}`).click()
}

const issueOf = async ({ api }: Tools, identifier: string) =>
  (await api("GET", `/api/issues?issue=${identifier}`))[0] as Json

const reasonOf = async (tools: Tools, identifier: string) => (await issueOf(tools, identifier))?.reason?._tag

const logOf = ({ api }: Tools, identifier: string): Promise<ReadonlyArray<Json>> =>
  api("GET", `/api/log?issue=${identifier}`)

layer(Sandbox.at(4), { timeout: "2 minutes", excludeTestServices: true })("the admin", (it) => {
  it.effect("destroys a session, and the machine is gone", () =>
    step(async ({ api, endless, fly, linear, page }) => {
      const identifier = await endless("WEB")
      await goTo(page, "Sessions")
      const { machineId } = (await until(async () =>
        (await api("GET", "/api/sessions")).find(
          ({ issueIdentifier, state }: Json) => issueIdentifier === identifier && state === "started"
        )
      )) as Json
      await linear("PUT", `/issues/${identifier}/labels`, [])
      await row(page, machineId).hover()
      await button(page, `Destroy ${machineId}`).click()
      await inDialog(page, "Destroy the machine").click()
      await page.getByText(new RegExp(`Machine ${machineId} is (being )?destroyed`)).waitFor()
      await until(async () => {
        const machine = (await fly("GET", "/machines")).find(({ id }: Json) => id === machineId)
        return machine === undefined || /destroy/.test(machine.state)
      })
    })
  )

  it.effect("asks for a pass, pauses everything with a reason and resumes", () =>
    step(async ({ api, page }) => {
      await goTo(page, "Overview")
      const passes = async () =>
        (await api("GET", "/api/audit?action=poll")).filter(({ actor }: Json) => actor.name === "Kim")
      await button(page, "Poll now").click()
      await page.getByText("A pass is requested.").waitFor()
      assert.lengthOf(await passes(), 1)

      await button(page, "Pause all").click()
      await page.getByLabel("Reason (optional)").fill("Moving house")
      await inDialog(page, "Pause all").click()
      const bar = page.getByRole("status").filter({ hasText: "All dispatching is paused" })
      await bar.waitFor()
      const { paused } = await api("GET", "/api/overview")
      assert.deepStrictEqual([paused.reason, paused.by], ["Moving house", "Kim"])
      await goTo(page, "Audit")
      await page.getByText("Moving house").first().waitFor()
      await button(page, "Resume").click()
      await bar.waitFor({ state: "detached" })
      assert.isNull((await api("GET", "/api/overview")).paused)
    })
  )

  it.effect("makes, edits, pauses and deletes a mapping", () =>
    step(async ({ api, page }) => {
      const mapping = async (): Promise<Json> =>
        (await api("GET", "/api/mappings")).find(({ teamKey }: Json) => teamKey === "NEW")
      await goTo(page, "Mappings")
      await page.getByRole("link", { name: "New mapping" }).click()
      await page.getByLabel("Linear team key").fill("new")
      await page.getByLabel("Owner").fill("northwind")
      await page.getByLabel("Repository", { exact: true }).fill("website")
      await button(page, "Create mapping").click()
      await row(page, "NEW").waitFor()
      assert.strictEqual((await mapping()).repo, "website")

      await row(page, "NEW").getByRole("link", { name: "NEW" }).click()
      await page.getByRole("heading", { name: "Readiness of the repository" }).waitFor()
      await page.getByText("Ready", { exact: true }).waitFor()
      await page.getByLabel("Issues at once").fill("7")
      await page.getByLabel("Plan before implementing").uncheck()
      await button(page, "Save").click()
      await row(page, "NEW").filter({ hasText: "7" }).waitFor()
      const { maxInProgressAiIssues, planningEnabled } = await mapping()
      assert.deepStrictEqual([maxInProgressAiIssues, planningEnabled], [7, false])

      await act(page, "NEW", "Pause")
      await row(page, "NEW").filter({ hasText: "Paused" }).waitFor()
      assert.isTrue((await mapping()).paused)
      await act(page, "NEW", "Resume")
      await row(page, "NEW").filter({ hasText: "Active" }).waitFor()
      assert.isFalse((await mapping()).paused)

      await act(page, "NEW", "Delete")
      await inDialog(page, "Delete").click()
      await row(page, "NEW").waitFor({ state: "detached" })
      assert.isUndefined(await mapping())
    })
  )

  it.effect("clears a label that someone else has put on", () =>
    step(async (tools) => {
      const { linear, page } = tools
      await goTo(page, "Issues")
      const elsewhere = await until(
        async () => (await tools.api("GET", "/api/issues?reason=labelled_elsewhere"))[0]
      )
      const { identifier } = elsewhere as Json
      await act(page, identifier, "Clear label")
      await inDialog(page, "Clear label").click()
      await page.getByText(`${identifier} is cleared`).waitFor()
      await until(async () => (await reasonOf(tools, identifier)) !== "labelled_elsewhere")
      const audit = await tools.api("GET", `/api/audit?actor=Kim`)
      assert.isTrue(audit.some(({ action }: Json) => action.includes("reset")))
      assert.isArray((await linear("GET", `/issues/${identifier}`)).labels)
    })
  )

  it.effect("approves one plan and rejects another with a reason", () =>
    step(async (tools) => {
      const { api, linear, page } = tools
      await goTo(page, "Issues")
      await page.getByRole("link", { name: /^Needs action/ }).click()
      const waiting = async () =>
        (await api("GET", "/api/issues?reason=waiting_approval&team=OPS"))[0]?.identifier as
          | string
          | undefined
      const rejected = (await until(waiting)) as string
      await act(page, rejected, "Reject plan")
      await inDialog(page, "Reject the plan").click()
      await page.getByText("Enter a reason.").waitFor()
      await page.getByLabel("What has to change").fill("Test the restore too")
      await inDialog(page, "Reject the plan").click()
      await page.getByText(`The plan of ${rejected} is rejected`).waitFor()
      await until(async () => {
        const [latest, ...others] = (await logOf(tools, rejected)).filter(({ phase }) => phase === "planning")
        return others.length > 0 && latest.settledAt !== null
      })
      const approved = (await until(waiting)) as string
      await act(page, approved, "Approve plan")
      await page.getByText(`The plan of ${approved} is approved`).waitFor()
      await until(async () => (await logOf(tools, approved)).some(({ phase }) => phase === "implementation"))
      assert.include((await linear("GET", `/issues/${approved}`)).labels, "Plan-Complete")
    })
  )

  it.effect("answers what a run asks", () =>
    step(async ({ address, api, page }) => {
      const { dispatchId, id } = (await until(async () =>
        (await api("GET", "/api/questions")).find(({ closedAt }: Json) => closedAt === null)
      )) as Json
      await page.goto(`${address}/admin/dispatches/${dispatchId}`)
      await page.getByLabel("Answer", { exact: true }).fill("Take the simpler one")
      await button(page, "Send answer").click()
      await page.getByText("The answer is given to the run.").waitFor()
      const { answer } = (await api("GET", "/api/questions")).find((question: Json) => question.id === id)
      assert.deepStrictEqual([answer.text, answer.by], ["Take the simpler one", "Kim"])
    })
  )

  it.effect("sets, replaces and deletes secrets of every team and of one", () =>
    step(async ({ api, page }) => {
      await goTo(page, "Secrets")
      for (const [whose, path, intro] of [
        [null, "/api/global-secrets", /machines of every team/i],
        ["ENG", "/api/mappings/ENG/secrets", /ENG_/]
      ] as const) {
        // Fly lists secrets once a second, for the page and for us.
        const digest = () =>
          until(async () => {
            const listed = await api("GET", path)
            return Array.isArray(listed) && { is: listed.find(({ name }) => name === "NPM_TOKEN")?.digest }
          }, 2500)
        if (whose !== null) {
          await page
            .getByRole("navigation", { name: "Whose secrets" })
            .getByRole("link", { name: whose })
            .click()
        }
        await page.getByText(intro).waitFor()
        await page.getByLabel("Name", { exact: true }).fill("NPM_TOKEN")
        await page.getByLabel("Value", { exact: true }).fill("hush")
        await button(page, "Set secret").click()
        await row(page, "NPM_TOKEN").waitFor()
        const first = await digest()
        assert.isString(first.is)

        await act(page, "NPM_TOKEN", "Replace")
        await page.getByLabel("Value", { exact: true }).fill("hush hush")
        await page.keyboard.press("Enter")
        await until(async () => (await digest()).is !== first.is, 2500)
        assert.deepStrictEqual(await violations(page), [])

        await act(page, "NPM_TOKEN", "Delete")
        await inDialog(page, "Delete").click()
        await row(page, "NPM_TOKEN").waitFor({ state: "detached" })
        assert.isUndefined((await digest()).is)
      }
    })
  )

  it.effect("dispatches a blocked issue now", () =>
    step(async (tools) => {
      const { api, page } = tools
      await goTo(page, "Issues")
      const blocked = (await until(
        async () => (await api("GET", "/api/issues?reason=blocked&team=ENG"))[0]?.identifier
      )) as string
      await until(async () => {
        await act(page, blocked, "Dispatch now")
        await page.locator(".notice p").waitFor()
        return (await logOf(tools, blocked)).some(({ trigger }) => trigger === "manual")
      })
      const [dispatch] = (await logOf(tools, blocked)).filter(({ trigger }) => trigger === "manual")
      assert.strictEqual(dispatch.requestedBy, "Kim")
    })
  )

  it.effect("opens a failed dispatch by its row, says why, and retries it", () =>
    step(async (tools) => {
      const { api, page } = tools
      await api("PATCH", "/api/mappings/ENG", { maxInProgressAiIssues: 50 })
      const failed = (await until(async () =>
        (await logOf(tools, "ENG-35")).find(
          ({ settledAt, status }) => status === "failed" && settledAt !== null
        )
      )) as Json
      await goTo(page, "Dispatches")
      await page.getByRole("navigation", { name: "Status" }).getByRole("link", { name: "Failed" }).click()
      await row(page, failed.issueIdentifier).getByRole("cell").nth(3).click()
      await page.getByRole("heading", { level: 1, name: failed.issueIdentifier }).waitFor()
      await page.locator(".note.failed").waitFor()
      await page.getByRole("list", { name: "Timeline" }).waitFor()
      assert.deepStrictEqual(await violations(page), [])
      await button(page, "Retry").click()
      await inDialog(page, "Dispatch again").click()
      await page.waitForURL((url) => !url.pathname.endsWith(failed.id))
      const [latest] = await logOf(tools, "ENG-35")
      assert.deepStrictEqual([latest.trigger, latest.requestedBy, latest.attempt], ["retry", "Kim", 2])
      assert.isTrue(page.url().endsWith(latest.id))
    })
  )

  it.effect("un-parks an issue that has nothing to change", () =>
    step(async (tools) => {
      const { api, page } = tools
      await until(async () => (await reasonOf(tools, "ENG-38")) === "parked")
      const before = await logOf(tools, "ENG-38")
      await goTo(page, "Issues")
      await page.getByLabel("Decision").selectOption("parked")
      const answered = page.waitForResponse(/\/unpark$/)
      await act(page, "ENG-38", "Un-park")
      await page.getByText("ENG-38 is no longer parked").waitFor()
      const { issue } = await (await answered).json()
      assert.notStrictEqual(issue.reason?._tag, "parked")
      assert.isNull(issue.failures.parkedAt)
      await until(async () => (await logOf(tools, "ENG-38")).length > before.length)
      assert.isTrue(
        (await api("GET", "/api/audit?actor=Kim")).some(({ action }: Json) => action.includes("unpark"))
      )
    })
  )

  it.effect("clears dedup of an issue where it waits", () =>
    step(async (tools) => {
      const { api, page } = tools
      await goTo(page, "Issues")
      const held = (await until(async () => (await api("GET", "/api/issues?reason=dedup"))[0])) as Json
      await page.getByRole("searchbox").fill(held.identifier)
      await act(page, held.identifier, "Clear dedup")
      await inDialog(page, "Remove from dedup").click()
      await page.getByText(`${held.identifier} may be dispatched again.`).waitFor()
      await until(async () => (await issueOf(tools, held.identifier))?.dedupExpiresAt !== held.dedupExpiresAt)
    })
  )

  it.effect("removes an issue from dedup", () =>
    step(async (tools) => {
      const { api, page } = tools
      await goTo(page, "Dedup")
      const { dispatchedAt, issueId, issueIdentifier } = (await until(async () => {
        for (const entry of await api("GET", "/api/dedup")) {
          const [latest] = await logOf(tools, entry.issueIdentifier)
          if (latest.phase === "implementation" && latest.settledAt !== null) return entry
        }
        return undefined
      })) as Json
      const removed = page.waitForResponse((answer) => answer.request().method() === "DELETE")
      await act(page, issueIdentifier, "Remove")
      await inDialog(page, "Remove from dedup").click()
      await removed
      await page.getByText(`${issueIdentifier} may be dispatched again.`).waitFor()
      const left = await api("GET", "/api/dedup")
      assert.isFalse(
        left.some((entry: Json) => entry.issueId === issueId && entry.dispatchedAt === dispatchedAt)
      )
    })
  )

  it.effect("cancels one live dispatch, and several chosen together", () =>
    step(async (tools) => {
      const { api, endless, page } = tools
      const ours = [await endless("ENG"), await endless("ENG"), await endless("ENG")]
      const latest = async (identifier = ""): Promise<Json> => (await logOf(tools, identifier))[0]
      await goTo(page, "Dispatches")
      await page.getByRole("navigation", { name: "Status" }).getByRole("link", { name: "Live" }).click()
      for (const identifier of ours) await until(() => latest(identifier))
      const [first, second, third] = [await latest(ours[0]), await latest(ours[1]), await latest(ours[2])]
      await act(page, first.issueIdentifier, "Cancel")
      await inDialog(page, "Cancel the dispatch").click()
      await page.getByText(`${first.issueIdentifier} is asked to stop.`).waitFor()
      assert.isNotNull((await api("GET", `/api/dispatches/${first.id}`)).stopRequestedAt)

      await row(page, second.issueIdentifier)
        .getByRole("link", { name: second.issueIdentifier })
        .first()
        .click()
      await button(page, "Cancel").click()
      await inDialog(page, "Cancel the dispatch").click()
      await page.getByText(`${second.issueIdentifier} is asked to stop.`).waitFor()
      assert.isNotNull((await api("GET", `/api/dispatches/${second.id}`)).stopRequestedAt)
      await page.goBack()

      await row(page, third.issueIdentifier).waitFor()
      await page.getByLabel("Select all that can be cancelled").check()
      const bar = page.getByRole("region", { name: "Selection" })
      await bar.getByText(/^\d+ selected$/).waitFor()
      assert.deepStrictEqual(await violations(page), [])
      await bar.getByRole("button", { name: /^Cancel \d+ dispatch/ }).click()
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /^Cancel \d+ dispatch/ })
        .click()
      await page
        .getByText(/asked to stop/)
        .first()
        .waitFor()
      await until(async () => (await api("GET", `/api/dispatches/${first.id}`)).outcome?.kind === "cancelled")
      await until(async () => (await api("GET", `/api/dispatches/${third.id}`)).stopRequestedAt !== null)
    })
  )

  it.effect("saves the runner mode and the Fly settings, and tests each upstream", () =>
    step(async ({ api, notified, page }) => {
      await goTo(page, "Settings")
      await page.getByRole("radio", { name: "GitHub Actions for all" }).check()
      await button(page, "Save runner mode").click()
      await page.getByText("Saved.").waitFor()
      assert.strictEqual((await api("GET", "/api/runner-mode")).storedMode, "gha")
      await page.getByRole("radio", { name: "Each mapping decides" }).check()
      await button(page, "Save runner mode").click()
      await until(async () => (await api("GET", "/api/runner-mode")).storedMode === "default")

      await page.getByLabel("Region", { exact: true }).fill("ams")
      await button(page, "Save Fly settings").click()
      await until(async () => (await api("GET", "/api/settings")).flySessionsRegion.storedValue === "ams")
      for (const [what, said] of [
        ["Linear", "Linear answers and accepts the key."],
        ["GitHub", "GitHub answers and accepts the App's key."],
        ["Fly", "Fly answers, and its token has access to the app northwind-sessions."],
        ["Notification", "The messenger accepted a test notification."]
      ] as const) {
        const before = notified().length
        await button(page, `Test ${what}`).click()
        await page.getByRole("status").getByText(said).waitFor()
        if (what === "Notification") assert.isAbove(notified().length, before)
      }
      assert.deepStrictEqual(await violations(page), [])
    })
  )

  it.effect("shows the API and makes calls", () =>
    step(async ({ api, page }) => {
      await goTo(page, "API", "HTTP API")
      await page.getByText("/api/overview", { exact: true }).click()
      await button(page, /^Send GET: /).click()
      await page.getByText(/^200, after/).waitFor()
      await page.getByText(/"poller": \{/).waitFor()
      assert.deepStrictEqual(await violations(page), [])

      const polls = async () => (await api("GET", "/api/audit?action=poll")).length
      const before = await polls()
      await page.getByText("/api/poll", { exact: true }).click()
      await button(page, /^Send POST: /).click()
      await inDialog(page, "Send").click()
      await page.getByText(/^202, after/).waitFor()
      assert.strictEqual(await polls(), before + 1)
    })
  )

  it.effect("signs out, and the browser complained only about refused requests", () =>
    step(async ({ complaints, page }) => {
      assert.deepStrictEqual(complaints.filter(unexpected), [])
      await button(page, "Sign out").click()
      await page.getByText("You are signed out.").waitFor()
      assert.strictEqual(await page.evaluate(() => localStorage.getItem("ai-implement.session")), "left")
    })
  )
})

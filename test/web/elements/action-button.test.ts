import { html } from "lit"
import { expect, it, vi } from "vitest"
import { page, userEvent } from "vitest/browser"
import "../../../web/elements/action-button.ts"
import { NoticeEvent } from "../../../web/lib/Notice.ts"
import { show } from "../support/browser.ts"

it("runs once at a time", async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const run = vi.fn(() => promise)
  show(html`<action-button .run=${run}>Go</action-button>`)
  const button = page.getByRole("button", { name: "Go" })
  await userEvent.click(button)
  await userEvent.click(button)
  await expect.element(button).toHaveAttribute("aria-busy", "true")
  expect(run).toHaveBeenCalledTimes(1)
  resolve()
  await expect.element(button).toHaveAttribute("aria-busy", "false")
})

it("notifies the shell when its action could not be loaded", async () => {
  const notices: Array<string> = []
  show(
    html`<action-button .run=${() => Promise.reject(new Error("404"))}>Go</action-button>`
  ).addEventListener(NoticeEvent.type, (event) => event instanceof NoticeEvent && notices.push(event.text))
  await userEvent.click(page.getByRole("button", { name: "Go" }))
  await expect.poll(() => notices).toEqual([expect.stringContaining("Reload this page")])
})

import * as DateTime from "effect/DateTime"
import { html } from "lit"
import { assert, expect, it } from "vitest"
import { page } from "vitest/browser"
import "../../../web/elements/relative-time.ts"
import { clock, duration, durationSoFar, exact, relative } from "../../../web/lib/time.ts"
import { show } from "../support/browser.ts"

const now = DateTime.makeUnsafe("2026-03-01T12:00:00Z")

it.for([
  [0, "just now"],
  [5, "5 s ago"],
  [59, "59 s ago"],
  [61, "1 min ago"],
  [3600, "1 h ago"],
  [86_400 * 3, "3 d ago"],
  [-0.2, "in 1 s"],
  [-30, "in 30 s"],
  [-7200, "in 2 h"]
] as const)("%d seconds before now is %s", ([seconds, text]) => {
  assert.strictEqual(relative(DateTime.subtract(now, { milliseconds: seconds * 1000 }), now), text)
})

it.for([
  [850, "850 ms"],
  [1500, "1.5 s"],
  [12_000, "12 s"],
  [245_000, "4 min 05 s"],
  [12_000_000, "3 h 20 min"],
  [180_000_000, "2 d 2 h"],
  [-5, "0 ms"]
] as const)("%i milliseconds last %s", ([ms, text]) => {
  assert.strictEqual(duration(ms), text)
})

it.for([
  [850, "0 s"],
  [9999, "9 s"],
  [245_000, "4 min 05 s"],
  [-5, "0 s"]
] as const)("what has run for %i milliseconds lasts %s so far", ([ms, text]) => {
  assert.strictEqual(durationSoFar(ms), text)
})

it("names the day of a clock time only when it is not today", () => {
  assert.match(clock(now, now), /^\d\d:\d\d$/)
  assert.match(clock(DateTime.add(now, { days: 2 }), now), /^\d+ \w+, \d\d:\d\d$/)
})

it("gives the exact time on hover and the instant to machines", async () => {
  const at = DateTime.subtract(DateTime.nowUnsafe(), { minutes: 4 })
  show(html`<relative-time .at=${at}></relative-time>`)
  const time = page.getByText("4 min ago")
  await expect.element(time).toHaveAttribute("title", exact(at))
  await expect.element(time).toHaveAttribute("datetime", DateTime.formatIso(at))
})

it("updates itself as time passes", async () => {
  show(html`<relative-time .at=${DateTime.subtract(DateTime.nowUnsafe(), { seconds: 5 })}></relative-time>`)
  const time = page.getByText(/^\d+ s ago$/)
  await expect.element(time).toBeVisible()
  const first = time.element().textContent
  await expect.poll(() => time.element().textContent).not.toBe(first)
})

it("notifies its page when a given time has passed", async () => {
  show(
    html`<relative-time
      passed="due"
      .at=${DateTime.subtract(DateTime.nowUnsafe(), { minutes: 1 })}
    ></relative-time>`
  )
  await expect.element(page.getByText("due", { exact: true })).toBeVisible()
})

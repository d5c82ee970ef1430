import { expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import type { Service } from "../support/Service.ts"
import { open } from "../support/browser.ts"

const quiet = 1500

/** The calls of a route from the moment they have stopped for a while. */
const settled = async (service: Service, route: string) => {
  let before = -1
  await expect
    .poll(
      () => {
        const now = service.called(route).length
        const same = now === before
        before = now
        return same
      },
      { interval: quiet, timeout: 20_000 }
    )
    .toBe(true)
  return service.called(route).length
}

/** The list is loaded with the page, and once more when the event stream opens, since changes may lie between. */
const opened = async (service: Service, route: string) => {
  await expect.poll(() => service.followers).toBe(1)
  await expect.poll(() => service.called(route).length).toBe(2)
  return settled(service, route)
}

const pause = async () => {
  await userEvent.click(page.getByRole("button", { name: "Pause ENG" }))
  await expect.element(page.getByText("ENG is paused", { exact: false })).toBeVisible()
}

it("an action is followed by one load of the list while the event stream is open", async () => {
  const service = open("/admin/mappings")
  await expect.element(page.getByRole("row", { name: /^ENG/ })).toBeVisible()
  const before = await opened(service, "GET /api/mappings")
  await pause()
  await expect.element(page.getByRole("button", { name: "Resume ENG" })).toBeVisible()
  expect(await settled(service, "GET /api/mappings")).toBe(before + 1)
})

it("an action is followed by a load of the list while the event stream is closed", async () => {
  const service = open("/admin/mappings")
  await expect.element(page.getByRole("row", { name: /^ENG/ })).toBeVisible()
  await expect.poll(() => service.followers).toBe(1)
  service.answers("GET /api/events", { status: 503, body: {} })
  service.cut()
  await expect.element(page.getByText("Reconnecting")).toBeVisible()
  await pause()
  await expect.element(page.getByRole("button", { name: "Resume ENG" }), { timeout: 2000 }).toBeVisible()
})

it("the shell loads the overview for what changes it, once for many changes", async () => {
  const service = open("/admin/docs")
  const before = await opened(service, "GET /api/overview")
  for (const type of ["log", "secret", "session", "readiness", "question"] as const) service.emit(type, "1")
  expect(await settled(service, "GET /api/overview")).toBe(before)
  for (let id = 0; id < 5; id++) service.emit("dispatch", String(id))
  expect(await settled(service, "GET /api/overview")).toBe(before + 1)
})

import { expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import { session } from "../../../web/data/session.ts"
import { focused, open } from "../support/browser.ts"
import { refusal, Service, unauthorized } from "../support/Service.ts"

const code = page.getByLabelText("Access code")
const alert = (text: string) => page.getByRole("alert").getByText(text, { exact: false })
const submit = page.getByRole("button", { name: "Sign in" })

it("asks for the code, then opens the requested page", async () => {
  open("/admin/issues?reason=blocked", { signedOut: true })
  await expect.poll(() => focused()?.id).toBe("code")
  await expect.poll(() => location.pathname).toBe("/admin/sign-in")
  await userEvent.fill(code, "secret")
  await userEvent.fill(page.getByLabelText("Your name"), "Kim")
  await userEvent.click(submit)
  await expect.element(page.getByRole("heading", { name: "Issues" })).toBeVisible()
  await expect.poll(() => location.pathname + location.search).toBe("/admin/issues?reason=blocked")
  await expect.element(page.getByText("Signed in as Kim")).toBeVisible()
})

it("says that the code is wrong, and asks again", async () => {
  const service = new Service()
  service.answers("POST /api/auth", refusal(401, "InvalidAccessCode", "This is not the access code."))
  open("/admin/", { signedOut: true, service })
  await userEvent.fill(code, "wrong")
  await userEvent.click(submit)
  await expect.element(alert("This is not the access code.")).toBeVisible()
  await expect.element(code).toHaveAttribute("aria-invalid", "true")
})

it("asks for a code when none was given, without a call", async () => {
  const service = open("/admin/", { signedOut: true })
  await userEvent.click(submit)
  await expect.element(alert("Enter the access code.")).toBeVisible()
  expect(service.called("POST /api/auth")).toHaveLength(0)
})

it("says until when it is locked out", async () => {
  const service = new Service()
  service.answers(
    "POST /api/auth",
    refusal(429, "TooManyAttempts", "Too many wrong codes.", { retryAfter: 600 })
  )
  open("/admin/", { signedOut: true, service })
  await userEvent.fill(code, "wrong")
  await userEvent.click(submit)
  await expect.element(alert("Too many wrong access codes.")).toBeVisible()
  await expect.element(page.getByText(/^in (9|10) min$/)).toBeVisible()
})

it("names the variable when the admin is disabled", async () => {
  const service = new Service()
  service.answers("POST /api/auth", refusal(404, "Disabled", "The admin is off: set ADMIN_ACCESS_CODE."))
  open("/admin/", { signedOut: true, service })
  await userEvent.fill(code, "code")
  await userEvent.click(submit)
  await expect.element(alert("The admin is off: set ADMIN_ACCESS_CODE.")).toBeVisible()
})

it("returns to the sign-in when the admin is switched off, and says how to get back", async () => {
  const service = open("/admin/mappings")
  await expect.element(page.getByRole("heading", { name: "Mappings" })).toBeVisible()
  service.answers("GET /api/mappings", refusal(404, "Disabled", "The admin and the API are off."))
  service.emit("mapping", "ENG")
  await expect.element(page.getByText(/^The admin is off: ADMIN_ACCESS_CODE/)).toBeVisible()
})

it("returns to the sign-in when the token is refused or has expired, and says so", async () => {
  const service = open("/admin/mappings")
  await expect.element(page.getByRole("heading", { name: "Mappings" })).toBeVisible()
  service.answers("GET /api/mappings", unauthorized)
  service.emit("mapping", "ENG")
  await expect.element(page.getByText(/no longer accepts your session/)).toBeVisible()
  expect(location.search).toBe("?to=%2Fadmin%2Fmappings")
  service.recovers("GET /api/mappings")
  await userEvent.fill(code, "code")
  await userEvent.click(submit)
  await expect.poll(() => location.pathname).toBe("/admin/mappings")
  session.end("expired")
  await expect.element(page.getByText(/expired after 24 hours/)).toBeVisible()
})

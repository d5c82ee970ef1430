import * as DateTime from "effect/DateTime"
import { expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import { session } from "../../../web/data/session.ts"
import { open } from "../support/browser.ts"
import { dispatch, question } from "../support/samples.ts"
import { refusal, Service, unauthorized } from "../support/Service.ts"

const label = (name: string) => page.getByLabelText(name, { exact: true })
const press = (name: string | RegExp) => userEvent.click(page.getByRole("button", { name }).first())
const refuse = (answer: typeof unauthorized) => (service: Service) => {
  service.answers("GET /api/overview", answer)
  service.emit("mapping")
}

const ends = {
  "the token expires": {
    by: () =>
      session.begin({
        token: "token",
        expiresAt: DateTime.add(DateTime.nowUnsafe(), { milliseconds: 50 }),
        name: "Kim"
      }),
    says: /has expired after 24 hours/
  },
  "the code is changed": { by: refuse(unauthorized), says: /no longer accepts your session/ },
  "the admin is switched off": {
    by: refuse(refusal(404, "Disabled", "The admin and the API are off.")),
    says: /^The admin is off/
  }
}

const forms: ReadonlyArray<{
  readonly what: string
  readonly at: string
  readonly fill: () => Promise<unknown>
  readonly stands: () => Promise<unknown>
}> = [
  {
    what: "a mapping",
    at: "/admin/mappings/ENG",
    fill: async () => {
      await userEvent.fill(label("Repository"), "half-typed")
      await press("Add a variable")
      await userEvent.fill(label("Name 1"), "CI_SHARDS")
    },
    stands: async () => {
      await expect.element(label("Repository")).toHaveValue("half-typed")
      await expect.element(label("Name 1")).toHaveValue("CI_SHARDS")
      await expect.element(page.getByText(/unsaved changes are restored/)).toBeVisible()
    }
  },
  {
    what: "why a plan is rejected",
    at: "/admin/issues?reason=waiting_approval",
    fill: async () => {
      await press(/^Reject plan/)
      await userEvent.fill(label("What has to change"), "half-typed")
    },
    stands: async () => {
      await press(/^Reject plan/)
      await expect.element(label("What has to change")).toHaveValue("half-typed")
    }
  },
  {
    what: "why all is paused",
    at: "/admin/",
    fill: async () => {
      await press("Pause all")
      await userEvent.fill(label("Reason (optional)"), "half-typed")
    },
    stands: async () => {
      await press("Pause all")
      await expect.element(label("Reason (optional)")).toHaveValue("half-typed")
    }
  },
  {
    what: "a secret",
    at: "/admin/secrets/ENG",
    fill: async () => {
      await userEvent.fill(label("Name"), "HALF_TYPED")
      await userEvent.fill(label("Value"), "hush")
    },
    stands: async () => {
      expect(JSON.stringify(sessionStorage)).not.toContain("hush")
      await expect.element(label("Name")).toHaveValue("HALF_TYPED")
      await expect.element(label("Value")).toHaveValue("")
      await expect.element(page.getByText(/The value was cleared/)).toBeVisible()
    }
  },
  {
    what: "settings",
    at: "/admin/settings",
    fill: async () => {
      await userEvent.click(page.getByRole("radio", { name: /GitHub Actions for all/ }))
      await userEvent.fill(label("App for sessions"), "half-typed")
    },
    stands: async () => {
      await expect.element(page.getByRole("radio", { name: /GitHub Actions for all/ })).toBeChecked()
      await expect.element(label("App for sessions")).toHaveValue("half-typed")
    }
  },
  {
    what: "an answer",
    at: `/admin/dispatches/${dispatch(3).id}`,
    fill: () => userEvent.fill(label("Answer"), "half-typed"),
    stands: () => expect.element(label("Answer")).toHaveValue("half-typed")
  }
]

const cases = forms.flatMap((form) => Object.entries(ends).map(([when, end]) => ({ ...form, ...end, when })))

it.for(cases)("$what, half-filled when $when, is restored after signing in", async (form) => {
  const service = new Service()
  service.questions = [question(1)]
  open(form.at, { service })
  await form.fill()
  form.by(service)
  await expect.element(page.getByText(form.says)).toBeVisible()
  await expect.element(page.getByText(/is restored; values of secrets and calls .* do not/)).toBeVisible()
  expect(page.getByRole("dialog").query()).toBeNull()
  service.recovers("GET /api/overview")
  await userEvent.fill(label("Access code"), "code")
  await press("Sign in")
  await form.stands()
})

const leaves = {
  here: () => press("Sign out"),
  "in another tab": () => {
    localStorage.setItem("ai-implement.session", "left")
    window.dispatchEvent(new StorageEvent("storage", { key: "ai-implement.session" }))
  }
}

it.for(Object.entries(leaves))(
  "leaves nothing of it to whoever signs in after signing out %s",
  async ([, leave]) => {
    open("/admin/mappings/ENG")
    await userEvent.fill(label("Repository"), "half-typed")
    expect(sessionStorage.length).toBe(1)
    await leave()
    await expect.element(page.getByText("You are signed out.")).toBeVisible()
    expect(sessionStorage.length).toBe(0)
  }
)

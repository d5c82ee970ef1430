import { assert, expect, it } from "vitest"
import { page } from "vitest/browser"
import { href } from "../../web/router/navigation.ts"
import { routes } from "../../web/router/routes.ts"
import { addressOf, arrived, assertAccessible, assertNamed, open } from "./support/browser.ts"
import { refusal, Service } from "./support/Service.ts"
import { type State, states } from "./support/states.ts"

const down = refusal(503, "DatabaseUnavailable", "The database does not answer.")

const cases = routes.flatMap((route) => {
  const known = states[route.path]
  if (known === undefined) return []
  const { empty, filledBy, more } = known
  const all: ReadonlyArray<State> = [
    { name: "with data", says: null, ...(route.path === href.signIn ? { signedOut: true } : {}) },
    ...(empty === null ? [] : [{ name: "empty", ...empty }]),
    ...(filledBy.length === 0
      ? []
      : [
          {
            name: "loading",
            given: (service: Service) => filledBy.forEach((call) => service.hangs(call)),
            says: "Loading"
          },
          {
            name: "failing",
            given: (service: Service) => filledBy.forEach((call) => service.answers(call, down)),
            says: "The database does not answer."
          },
          {
            name: "failing after it had data",
            by: async (service: Service) => {
              await arrived()
              for (const call of filledBy) service.answers(call, down)
              service.cut()
            },
            says: "The database does not answer."
          }
        ]),
    ...more
  ]
  return all.map((state) => ({ ...state, address: addressOf(route) }))
})

it("lists the states of every page", () => {
  assert.sameMembers(
    Object.keys(states),
    routes.map(({ path }) => path)
  )
})

it.for(cases)("$address, $name: nothing that axe finds, and a name for each control", async (state) => {
  const service = new Service()
  state.given?.(service)
  open(state.address + (state.at ?? ""), { service, signedOut: state.signedOut === true })
  await state.by?.(service)
  if (state.says === null) await arrived()
  else await expect.element(page.getByText(state.says).first()).toBeVisible()
  await assertAccessible()
  assertNamed()
})

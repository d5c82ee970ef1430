import * as DateTime from "effect/DateTime"
import axe from "axe-core"
import { render, type TemplateResult } from "lit"
import { assert, expect, onTestFinished } from "vitest"
import { page } from "vitest/browser"
import "../../../web/app/app-shell.ts"
import { connect } from "../../../web/data/client.ts"
import { session } from "../../../web/data/session.ts"
import type { Route } from "../../../web/router/Router.ts"
import "../../../web/styles/main.css"
import { settledDispatch } from "./samples.ts"
import { Service } from "./Service.ts"

await page.viewport(1280, 800)
document.documentElement.style.setProperty("--quick", "0ms")

const dialogs = "dialog-confirm, keys-dialog"

/** Shows a template until the test ends. */
export const show = (template: TemplateResult) => {
  const place = document.createElement("main")
  document.body.append(place)
  render(template, place)
  onTestFinished(() => place.remove())
  return place
}

export const signIn = () =>
  session.begin({ token: "token", expiresAt: DateTime.add(DateTime.nowUnsafe(), { hours: 24 }), name: "Kim" })

/** Opens the admin at a path, over a service of samples; signed in unless `signedOut`. */
export const open = (
  path: string,
  options: { readonly service?: Service; readonly signedOut?: boolean } = {}
): Service => {
  const service = options.service ?? new Service()
  const before = location.href
  session.end("left")
  session.endedBecause = null
  connect(service.layer)
  if (options.signedOut !== true) signIn()
  history.replaceState(null, "", path)
  const shell = document.createElement("app-shell")
  document.body.append(shell)
  onTestFinished(() => {
    shell.remove()
    for (const dialog of document.querySelectorAll(dialogs)) dialog.remove()
    session.end("left")
    localStorage.clear()
    delete document.documentElement.dataset["theme"]
    history.replaceState(null, "", before)
  })
  return service
}

/** Every element of the document, inside whatever shadow root. */
function* everything(root: ParentNode = document): Generator<Element> {
  for (const element of root.querySelectorAll("*")) {
    yield element
    if (element.shadowRoot !== null) yield* everything(element.shadowRoot)
  }
}

/** Waits until the page is there and nothing on it is still loading. */
export const arrived = async () => {
  await expect.element(page.getByRole("heading", { level: 1 })).toBeVisible()
  await expect
    .poll(() => [...everything()].filter(({ localName }) => localName === "loading-state"))
    .toEqual([])
}

/** The address of a page, over the samples. */
export const addressOf = ({ path }: Route) =>
  path.replace(":id", settledDispatch.id).replace(":teamKey", "ENG").replace("/:from?", "")

/** What has the focus, inside whatever shadow root. */
export const focused = () => {
  let element = document.activeElement
  while (element?.shadowRoot?.activeElement != null) element = element.shadowRoot.activeElement
  return element
}

/** No violation of WCAG 2.2 AA or of good practice, in light and in dark; of a dialog alone, when one is open. */
export const assertAccessible = async () => {
  for (const theme of ["light", "dark"]) {
    document.documentElement.dataset["theme"] = theme
    const { violations } = await axe.run(document.querySelector(dialogs) ?? document.body, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    })
    const found = violations.map(
      ({ help, id, nodes }) =>
        `${theme}: ${id}, ${help}: ${nodes
          .map(
            ({ any, html, target }) =>
              `${target.join(" ")} ${html} ${JSON.stringify(any.map(({ data }) => data))}`
          )
          .join(" | ")}`
    )
    assert.deepStrictEqual(found, [])
  }
}

const regions = "[role=status], [role=alert], [aria-live]"

const wordsOf = (node: Node): string => {
  if (node instanceof HTMLSlotElement) return node.assignedNodes().map(wordsOf).join("")
  if (!(node instanceof Element)) return node instanceof Text ? node.data : ""
  return [...(node.shadowRoot ?? node).childNodes].map(wordsOf).join("")
}

/** From now on: what a screen reader says of itself, which is what changes in regions that are there already. */
export const listen = () => {
  const said = (region: Element) => wordsOf(region).replace(/\s+/g, " ").trim()
  const before = new Map(
    [...everything()].filter((each) => each.matches(regions)).map((each) => [each, said(each)])
  )
  return () =>
    [...before]
      .filter(([region, text]) => region.isConnected && said(region) !== text)
      .map(([region]) => said(region))
      .filter((text) => text !== "")
}

const controls = "a[href], button, input, select, textarea, summary, dialog[open]"

/** Each control in sight has a name to be said. */
export const assertNamed = () => {
  axe.setup(document.documentElement)
  const nameless = [...everything()].filter(
    (element) =>
      element.matches(controls) &&
      element.checkVisibility({ visibilityProperty: true }) &&
      axe.commons.text.accessibleText(element).trim() === ""
  )
  axe.teardown()
  assert.deepStrictEqual(
    nameless.map(({ outerHTML }) => outerHTML),
    []
  )
}

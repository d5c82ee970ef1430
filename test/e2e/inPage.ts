import type { Page } from "playwright"

const deepest = `(() => {
  let element = document.activeElement
  while (element?.shadowRoot?.activeElement != null) element = element.shadowRoot.activeElement
  return element
})()`

/** The name of what has the focus, in whatever shadow root. */
export const focusedName = (page: Page) =>
  page.evaluate<string>(`(() => {
    const element = ${deepest}
    const label = element?.labels?.[0]?.textContent
    const own = element?.querySelector("slot") === null ? element : element?.getRootNode().host
    return (element?.getAttribute("aria-label") ?? label ?? own?.textContent ?? "").replace(/\\s+/g, " ").trim()
  })()`)

export const scrolled = (page: Page) => page.evaluate<number>("window.scrollY")

/** Marks the document, to see later that it was never loaded again. */
export const mark = (page: Page) => page.evaluate(`document.body.dataset.mark = "yes"`)
export const isMarked = async (page: Page) =>
  (await page.evaluate(`document.body.dataset.mark === "yes"`)) === true

/** How many rows the table of a page has drawn. */
export const drawnRows = (page: Page, tag: string) =>
  page.evaluate<number>(`document.querySelector("app-shell").shadowRoot.querySelector("${tag}")
    ?.shadowRoot.querySelector("data-table")?.shadowRoot.querySelectorAll("tbody tr").length ?? 0`)

/** Follows a link of the rail; answers the milliseconds from the end of `path`'s answer to a first screen of rows. */
export const untilUsable = (page: Page, link: string, tag: string, path: string) =>
  page.evaluate<number>(`(async () => {
    performance.clearResourceTimings()
    const shell = document.querySelector("app-shell").shadowRoot
    ;[...shell.querySelector("shell-rail").shadowRoot.querySelectorAll("nav a")].find((a) => a.textContent.trim().startsWith("${link}")).click()
    const rows = () => shell.querySelector("${tag}")?.shadowRoot.querySelector("data-table")?.shadowRoot
      .querySelectorAll("tbody tr").length ?? 0
    while (rows() < 30) await new Promise((done) => requestAnimationFrame(done))
    const drawn = performance.now()
    const answers = () => performance.getEntriesByType("resource")
      .filter(({ name }) => new URL(name).pathname === "${path}")
    while (answers().length === 0) await new Promise((done) => requestAnimationFrame(done))
    return drawn - answers()[0].responseEnd
  })()`)

/** When the row of a dispatch says something, in milliseconds since 1970. */
export const whenRowSays = (page: Page, id: string, text: string) =>
  page.evaluate<number>(`(async () => {
    const table = document.querySelector("app-shell").shadowRoot.querySelector("dispatches-page")
      .shadowRoot.querySelector("data-table").shadowRoot
    const says = () => [...table.querySelectorAll("tbody tr")]
      .find((row) => row.querySelector("a.open").href.endsWith("${id}"))?.textContent.includes("${text}")
    while (!says()) await new Promise((done) => requestAnimationFrame(done))
    return performance.timeOrigin + performance.now()
  })()`)

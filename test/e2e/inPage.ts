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

/** Follows a link of the rail, and waits for a first screen of rows. */
const toFirstRows = (page: Page, link: string, tag: string) =>
  page.evaluate(`(async () => {
    const shell = document.querySelector("app-shell").shadowRoot
    ;[...shell.querySelector("shell-rail").shadowRoot.querySelectorAll("nav a")].find((a) => a.textContent.trim().startsWith("${link}")).click()
    const rows = () => shell.querySelector("${tag}")?.shadowRoot.querySelector("data-table")?.shadowRoot
      .querySelectorAll("tbody tr").length ?? 0
    while (rows() < 30) await new Promise((done) => requestAnimationFrame(done))
  })()`)

/**
 * The milliseconds for which the page's thread works from a click on a link of the rail to a first screen of rows, its
 * reading of the answer included. What else the machine does at the time does not count.
 */
export const workToFirstRows = async (page: Page, link: string, tag: string) => {
  const session = await page.context().newCDPSession(page)
  await session.send("Performance.enable", { timeDomain: "threadTicks" })
  const worked = async () => {
    const { metrics } = await session.send("Performance.getMetrics")
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1000
  }
  const before = await worked()
  await toFirstRows(page, link, tag)
  const after = await worked()
  await session.detach()
  return after - before
}

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

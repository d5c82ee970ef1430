import { ContextProvider } from "@lit/context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { html, LitElement, nothing, type TemplateResult } from "lit"
import { customElement, query, state } from "lit/decorators.js"
import { connection } from "../data/connection.ts"
import { asFailure } from "../data/Failure.ts"
import { getOverview, setPaused } from "../data/operations.ts"
import { overviewContext, type OverviewState } from "../data/overview.ts"
import { Live } from "../data/Live.ts"
import { session } from "../data/session.ts"
import { applyTheme, currentTheme } from "../data/theme.ts"
import "../elements/action-button.ts"
import "../elements/error-state.ts"
import { icons } from "../lib/icons.ts"
import "../elements/loading-state.ts"
import { NoticeEvent } from "../lib/Notice.ts"
import "../elements/poller-status.ts"
import "../elements/relative-time.ts"
import type { ThemeSwitch } from "../elements/theme-switch.ts"
import "../elements/theme-switch.ts"
import { base, href, navigate, setQuery } from "../router/navigation.ts"
import { isHere, railPages } from "../router/pages.ts"
import { Router } from "../router/Router.ts"
import { routes } from "../router/routes.ts"
import { strings } from "../strings/shell.ts"
import { words as overviewWords } from "../strings/overview.ts"
import { shell } from "../styles/shell.ts"

const words = strings.shell

const searchable = new Set([
  href.issues,
  href.dispatches,
  href.sessions,
  href.mappings,
  href.dedup,
  href.audit,
  href.docs
])

const signInRoute = routes.find(({ path }) => path === href.signIn)

const isTyping = (event: KeyboardEvent) => {
  const [target] = event.composedPath()
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]")
}

/** The frame of every page: header, rail, notices, keys, and the session. */
@customElement("app-shell")
export class AppShell extends LitElement {
  static override readonly styles = shell

  @state() private notice: { readonly text: string; readonly tone: "done" | "failed" } | undefined
  @query("main") private readonly main!: HTMLElement
  @query("#rail") private readonly rail!: HTMLElement | null
  @query("input[type=search]") private readonly search!: HTMLInputElement | null
  #noticeEnd: Fiber.Fiber<void> | undefined
  #awaitingPage = false

  readonly #overview = new Live(this, {
    key: () => "overview",
    load: getOverview,
    on: ({ type }) => type !== "log" && type !== "secret"
  })
  readonly #context = new ContextProvider(this, {
    context: overviewContext,
    initialValue: this.#overviewState()
  })
  readonly #router = new Router(this, {
    base,
    routes,
    arrived: (moved) => {
      const { location } = this.#router
      const title = location.state === "ready" ? location.route.title : strings.pages.notFound
      document.title = `${title} – ${strings.product}`
      this.rail?.hidePopover()
      if (moved === "new-page" || moved === "back") this.main.focus({ preventScroll: true })
    }
  })

  #overviewState(): OverviewState {
    const { failure, refresh, value } = this.#overview
    return { value, failure, refresh }
  }

  override connectedCallback() {
    this.#guard()
    super.connectedCallback()
    session.addEventListener("change", this.#sessionChanged)
    connection.addEventListener("change", this.#redraw)
    this.addEventListener(NoticeEvent.type, this.#noticed)
    window.addEventListener("keydown", this.#key)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    session.removeEventListener("change", this.#sessionChanged)
    connection.removeEventListener("change", this.#redraw)
    this.removeEventListener(NoticeEvent.type, this.#noticed)
    window.removeEventListener("keydown", this.#key)
  }

  override willUpdate() {
    const { failure, value } = this.#context.value
    if (failure !== this.#overview.failure || value !== this.#overview.value) {
      this.#context.setValue(this.#overviewState())
    }
    this.#guard()
  }

  #guard() {
    const path = location.pathname
    if (session.current === null && path !== href.signIn) {
      const to = path + location.search
      navigate(
        to === href.overview || to === base ? href.signIn : `${href.signIn}?to=${encodeURIComponent(to)}`,
        {
          replace: true
        }
      )
    } else if (session.current !== null && path === href.signIn) {
      const to = new URLSearchParams(location.search).get("to")
      navigate(to?.startsWith(`${base}/`) === true ? to : href.overview, { replace: true })
    }
  }

  override render() {
    const signedIn = session.current !== null && location.pathname !== href.signIn
    if (!signedIn)
      return html`<main tabindex="-1" class="alone">${this.#page()}</main>
        ${this.#noticeBar()}`
    return html`${this.#header()} ${this.#rail()}
      <main id="main" tabindex="-1">${this.#pausedBar()}${this.#page()}</main>
      ${this.#noticeBar()}`
  }

  #header() {
    const query = new URLSearchParams(location.search).get("q") ?? ""
    return html`<header>
      <a class="skip" href="#main" @click=${this.#skip}>${words.skip}</a>
      <button type="button" class="menu" popovertarget="rail" aria-label=${words.menu}>${icons.menu}</button>
      <a class="brand" href=${href.overview}>${icons.mark}${strings.product}</a>
      <form role="search" @submit=${this.#searched}>
        ${icons.search}
        <input
          type="search"
          name="q"
          aria-label=${words.search}
          placeholder=${words.search}
          autocomplete="off"
          .value=${query}
          @input=${this.#typed}
        />
        <kbd aria-hidden="true">/</kbd>
      </form>
      <div class="pulse">
        <span class="reconnecting" role="status"
          >${connection.reconnecting ? html`${icons.warning}<span>${words.reconnecting}</span>` : nothing}</span
        >
        ${
          connection.reconnecting
            ? nothing
            : html`<poller-status .poller=${this.#overview.value?.poller}></poller-status>`
        }
      </div>
    </header>`
  }

  #rail() {
    const path = location.pathname
    const overview = this.#overview.value
    return html`<div class="rail" id="rail" popover>
      <nav aria-label=${words.pages}>
        ${railPages.map(({ count, group, live, title, to }) => {
          const number = overview === undefined || count === undefined ? 0 : count(overview)
          return html`<a
            href=${to}
            class=${group === true ? "group" : ""}
            aria-current=${isHere(to, path) ? "page" : nothing}
            ><span>${title}</span>${
              number === 0
                ? nothing
                : html`<span class="count ${live === true ? "live" : ""}">${number}</span>`
            }</a
          >`
        })}
      </nav>
      <aside class="person" aria-label=${words.account}>
        <p class="muted small">
          ${session.current?.name == null ? words.signedIn : words.signedInAs(session.current.name)}
        </p>
        <theme-switch .theme=${currentTheme()} @change=${this.#themed}></theme-switch>
        <div>
          <button type="button" class="compact quiet" @click=${this.#signOut}>${words.signOut}</button>
          <button type="button" class="compact quiet" @click=${this.#showKeys}>
            ${words.keys}<kbd aria-hidden="true">?</kbd>
          </button>
        </div>
      </aside>
    </div>`
  }

  #pausedBar() {
    const paused = this.#overview.value?.paused ?? null
    return html`<div class=${paused === null ? "" : "paused"}>
      ${paused === null ? nothing : icons.pause}
      <p role="status">
        ${
          paused === null
            ? nothing
            : html`<strong>${words.pausedAll}</strong> ${[
                  paused.by === null ? "" : words.pausedBy(paused.by),
                  paused.reason ?? ""
                ]
                  .filter((part) => part !== "")
                  .join(": ")}`
        }
      </p>
      ${
        paused === null
          ? nothing
          : html`<span class="muted"><relative-time .at=${paused.at}></relative-time></span>
              <action-button look="compact" .run=${this.#resume}>${words.resume}</action-button>`
      }
    </div>`
  }

  #page(): TemplateResult | typeof nothing {
    const { location } = this.#router
    if (session.current === null && location.state === "ready" && location.route !== signInRoute)
      return nothing
    switch (location.state) {
      case "loading":
        return html`<loading-state></loading-state>`
      case "not-found":
        return html`<div class="lost">
          <h1>${strings.pages.notFound}</h1>
          <p>${words.notFound} <a href=${href.overview}>${words.toOverview}</a></p>
        </div>`
      case "failed":
        return html`<error-state .message=${words.loadFailed} @retry=${this.#reload}></error-state>`
      case "ready":
        return location.route.render(location.match)
    }
  }

  #noticeBar() {
    return html`<div class="notice" aria-live="polite">
      ${
        this.notice === undefined
          ? nothing
          : html`<p class=${this.notice.tone}>
              <span>${this.notice.tone === "done" ? icons.check : icons.cross}</span>
              <span>${this.notice.text}</span>
              <button type="button" class="compact quiet" @click=${this.#dismiss}>
                ${strings.keys.close}
              </button>
            </p>`
      }
    </div>`
  }

  #keyList(): ReadonlyArray<readonly [string, string]> {
    return [
      ["/", strings.keys.search],
      ...railPages.map(({ key, title }) => [`g ${key}`, strings.keys.goTo(title)] as const),
      ["?", strings.keys.show]
    ]
  }

  readonly #signOut = () =>
    import("../data/auth.ts").then(
      ({ signOut }) => signOut(),
      () => session.end("left")
    )

  readonly #reload = () => location.reload()

  readonly #redraw = () => this.requestUpdate()

  readonly #sessionChanged = () => {
    if (session.current !== null) this.#overview.refresh()
    this.requestUpdate()
  }

  readonly #noticed = (event: Event) => {
    if (!(event instanceof NoticeEvent)) return
    this.notice = { text: event.text, tone: event.tone }
    if (this.#noticeEnd !== undefined) Effect.runFork(Fiber.interrupt(this.#noticeEnd))
    if (event.tone === "failed") return
    this.#noticeEnd = Effect.runFork(
      Effect.sleep("6 seconds").pipe(Effect.andThen(Effect.sync(this.#dismiss)))
    )
  }

  readonly #dismiss = () => {
    this.notice = undefined
  }

  readonly #resume = async () => {
    try {
      await setPaused(false, "")
      this.dispatchEvent(new NoticeEvent(overviewWords.resumed, "done"))
    } catch (thrown) {
      this.dispatchEvent(new NoticeEvent(asFailure(thrown).message, "failed"))
    }
    this.#overview.refresh()
  }

  readonly #themed = (event: Event) => {
    const { theme } = event.currentTarget as ThemeSwitch
    applyTheme(theme)
  }

  readonly #showKeys = async () => {
    await import("../elements/keys-dialog.ts")
    const dialog = document.createElement("keys-dialog")
    dialog.keys = this.#keyList()
    document.body.append(dialog)
    await dialog.show()
    dialog.remove()
  }

  readonly #skip = (event: Event) => {
    event.preventDefault()
    this.main.focus()
  }

  readonly #typed = () => {
    if (searchable.has(location.pathname)) setQuery({ q: this.search?.value ?? "" })
  }

  readonly #searched = (event: Event) => {
    event.preventDefault()
    const q = this.search?.value.trim() ?? ""
    if (!searchable.has(location.pathname)) navigate(`${href.dispatches}?q=${encodeURIComponent(q)}`)
  }

  readonly #key = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
    if (session.current === null) return
    const page = railPages.find(({ key }) => key === event.key)
    if (this.#awaitingPage && page !== undefined) navigate(page.to)
    else if (event.key === "/") this.search?.focus()
    else if (event.key === "?") void this.#showKeys()
    this.#awaitingPage = event.key === "g"
    if (event.key === "/") event.preventDefault()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "app-shell": AppShell
  }
}

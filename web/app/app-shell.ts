import { ContextProvider } from "@lit/context"
import { html, LitElement, nothing, type TemplateResult } from "lit"
import { customElement, query, state } from "lit/decorators.js"
import { about } from "../data/changes.ts"
import { firstPage } from "../data/firstPage.ts"
import { Live } from "../data/Live.ts"
import type { Alarm } from "../features/alarms/alarms.ts"
import { getOverview } from "../data/operations.ts"
import { overviewContext, type OverviewState } from "../data/overview.ts"
import { session } from "../data/session.ts"
import "../elements/error-state.ts"
import "../elements/loading-state.ts"
import { countNeedsYou } from "../../src/domain/needsYou.ts"
import { NoticeEvent } from "../lib/Notice.ts"
import { base, href } from "../router/navigation.ts"
import { Router } from "../router/Router.ts"
import { routes } from "../router/routes.ts"
import { strings } from "../strings/shell.ts"
import { shell } from "../styles/shell.ts"
import type { NoticeBar } from "./notice-bar.ts"
import { SessionGuard } from "./SessionGuard.ts"
import type { ShellHeader } from "./shell-header.ts"
import "./shell-header.ts"
import "./shell-rail.ts"
import { Shortcuts } from "./Shortcuts.ts"

const words = strings.shell

const loadNotices = () => import("./notice-bar.ts")

const signInRoute = routes.find(({ path }) => path === href.signIn)

/** The frame of every page: header, rail and notices around what the router shows; keeps the overview fresh. */
@customElement("app-shell")
export class AppShell extends LitElement {
  static override readonly styles = shell

  @query("main") private readonly main!: HTMLElement
  @query("shell-header") private readonly header!: ShellHeader | null
  @query("shell-rail") private readonly rail!: HTMLElement | null
  @query("notice-bar") private readonly notices!: NoticeBar

  readonly #overview = new Live(this, {
    key: () => "overview",
    load: getOverview,
    on: about("dispatch", "issue", "mapping", "settings", "pause", "pass", "upstream", "notification"),
    spacingMillis: 1000
  })
  readonly #context = new ContextProvider(this, {
    context: overviewContext,
    initialValue: this.#overviewState()
  })
  readonly #guard = new SessionGuard(this, { begun: this.#overview.refresh })
  readonly #router = new Router(this, {
    base,
    routes,
    arrived: (moved) => {
      this.#title()
      this.rail?.hidePopover()
      firstPage.end(this)
      if (moved === "new-page" || moved === "back") this.main.focus({ preventScroll: true })
    }
  })
  readonly #shortcuts = new Shortcuts(this, { search: () => this.header?.search() })

  @state() private alarms: ReadonlyArray<Alarm> = []

  constructor() {
    super()
    firstPage.begin(this)
    firstPage.afterwards(loadNotices)
    this.addEventListener(NoticeEvent.type, this.#noticed)
  }

  #overviewState(): OverviewState {
    const { failure, refresh, refreshAfterAction, value } = this.#overview
    return { value, failure, refresh, refreshAfterAction }
  }

  override willUpdate() {
    const { failure, value } = this.#context.value
    if (failure !== this.#overview.failure || value !== this.#overview.value) {
      this.#context.setValue(this.#overviewState())
      void this.#loadBars()
      this.#title()
    }
  }

  #title() {
    const { location } = this.#router
    if (location.state === "loading") return
    const title = location.state === "ready" ? location.route.title : strings.pages.notFound
    const count = session.current === null ? 0 : countNeedsYou(this.#overview.value?.waiting ?? [])
    document.title = `${count === 0 ? "" : `(${count}) `}${title} – ${strings.product}`
  }

  async #loadBars() {
    const overview = this.#overview.value
    if (overview === undefined) return
    const { paused, poller, upstreams } = overview
    const calm =
      paused === null &&
      this.alarms.length === 0 &&
      poller.state !== "stuck" &&
      poller.lastPass?.ok !== false &&
      upstreams.every(({ state }) => state !== "down")
    if (calm) return
    const { alarmsOf } = await import("./bars.ts")
    this.alarms = alarmsOf(overview, this.alarms)
  }

  override updated() {
    if (this.header !== null) this.header.menu = this.rail
  }

  override render() {
    return html`${
        this.#guard.admits ? this.#frame() : html`<main tabindex="-1" class="alone">${this.#page()}</main>`
      }<notice-bar></notice-bar>`
  }

  #frame() {
    const overview = this.#overview.value
    return html`<shell-header
        .address=${location.pathname + location.search}
        .poller=${overview?.poller}
        .alarm=${this.alarms[0]}
        @skip=${this.#skip}
      ></shell-header>
      <shell-rail
        popover
        .path=${location.pathname}
        .name=${session.current?.name ?? null}
        .overview=${overview}
        @keys=${this.#shortcuts.show}
      ></shell-rail>
      <main id="main" tabindex="-1">
        <paused-bar .paused=${overview?.paused ?? null} .resumed=${this.#overview.refreshAfterAction}
          ><p role="status">
            ${overview?.paused == null ? nothing : words.pausedAll(overview.paused)}
          </p></paused-bar
        >
        <alarm-bar .alarms=${this.alarms}></alarm-bar>
        ${this.#page()}
      </main>`
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

  readonly #reload = () => location.reload()

  readonly #noticed = async (event: Event) => {
    if (!(event instanceof NoticeEvent)) return
    await loadNotices()
    if (!this.isConnected) return
    await this.notices.updateComplete
    this.notices.show(event)
  }

  readonly #skip = () => this.main.focus()
}

declare global {
  interface HTMLElementTagNameMap {
    "app-shell": AppShell
  }
}

import { consume } from "@lit/context"
import { css, html, LitElement, nothing } from "lit"
import { customElement, query, state } from "lit/decorators.js"
import { RunnerMode } from "../../src/domain/Modes.ts"
import type { Overview } from "../../src/domain/Overview.ts"
import type { RunnerModeState, SettingsState, SettingState } from "../../src/domain/Settings.ts"
import { asFailure, type Failure } from "../data/Failure.ts"
import { getRunnerMode, getSettings, saveSettings, setRunnerMode } from "../data/operations.ts"
import { overviewContext, type OverviewState } from "../data/overview.ts"
import { about } from "../data/changes.ts"
import { Live } from "../data/Live.ts"
import "../elements/action-button.ts"
import type { Column } from "../elements/data-table.ts"
import "../elements/data-table.ts"
import { NoticeEvent } from "../elements/Notice.ts"
import { loaded } from "../elements/loaded.ts"
import { strings } from "../strings/shell.ts"
import { terms } from "../strings/terms.ts"
import { words } from "../strings/settings.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"
import { page } from "../styles/page.ts"
import { perform } from "./perform.ts"

type Setting = Overview["settings"][number]
type FlyField = keyof SettingsState

const columns: ReadonlyArray<Column<Setting>> = [
  {
    name: "name",
    label: words.columns.name,
    width: "16rem",
    cell: ({ name }) => html`<span class="mono">${name}</span>`
  },
  {
    name: "value",
    label: words.columns.value,
    stack: "line",
    cell: ({ value }) => html`<span class="mono" title=${value}>${value}</span>`
  },
  { name: "source", label: words.columns.source, width: "8rem", cell: ({ source }) => terms.source[source] }
]

/** Runner mode, the Fly settings, and what is in effect from where. */
@customElement("settings-page")
export class SettingsPage extends LitElement {
  static override readonly styles = [
    base,
    controls,
    page,
    css`
      .form {
        display: grid;
        gap: 1rem;
        justify-items: start;
        max-width: 44rem;
        padding-top: 0.75rem;
      }
      fieldset {
        display: grid;
        gap: 0.5rem;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
      }
      .choice {
        display: flex;
        gap: 0.5rem;
      }
      .field {
        width: min(22rem, 100%);
      }
    `
  ]

  @consume({ context: overviewContext, subscribe: true }) @state() private overview: OverviewState | undefined
  @state() private refused: Failure | undefined
  @query("#mode") private readonly modeForm!: HTMLFormElement
  @query("#fly") private readonly flyForm!: HTMLFormElement

  readonly #mode = new Live(this, { key: () => "runner-mode", load: getRunnerMode, on: about("settings") })
  readonly #settings = new Live(this, { key: () => "settings", load: getSettings, on: about("settings") })

  override render() {
    return html`<div class="head"><h1>${strings.pages.settings}</h1></div>
      <section>
        <h2>${words.runnerMode}</h2>
        ${loaded(this.#mode, (mode) => this.#runnerMode(mode))}
      </section>
      <section>
        <h2>${words.fly}</h2>
        ${loaded(this.#settings, (settings) => this.#fly(settings))}
      </section>
      <section>
        <h2>${words.effective}</h2>
        <data-table
          .label=${words.effective}
          .rows=${this.overview?.value?.settings ?? []}
          .columns=${columns}
          .keyOf=${({ name }: Setting) => name}
        ></data-table>
      </section>`
  }

  #runnerMode({ mode, overriddenByEnv, source, storedMode }: RunnerModeState) {
    const chosen = overriddenByEnv ? (storedMode ?? mode) : mode
    return html`<form id="mode" class="form" @submit=${this.#saveMode}>
      <fieldset>
        <legend class="hidden">${words.runnerMode}</legend>
        <p class="muted">${words.runnerModeHint}</p>
        ${RunnerMode.literals.map(
          (known) =>
            html`<label class="choice">
              <input type="radio" name="mode" value=${known} ?checked=${known === chosen} />
              <span
                >${terms.runnerMode[known]}
                ${known === mode ? html`<span class="muted small">${words.from(terms.source[source])}</span>` : nothing}</span
              >
            </label>`
        )}
      </fieldset>
      ${
        overriddenByEnv
          ? html`<p class="note">
              ${words.overridden(storedMode === null ? words.nothingStored : terms.runnerMode[storedMode])}
            </p>`
          : nothing
      }
      <button>${words.save}</button>
    </form>`
  }

  #fly(settings: SettingsState) {
    return html`<form id="fly" class="form" @submit=${this.#saveFly} novalidate>
      ${this.#setting("flySessionsApp", settings.flySessionsApp)}
      ${this.#setting("flySessionsRegion", settings.flySessionsRegion)}
      <button>${words.save}</button>
      <p class="wrong" role="alert">
        ${this.refused === undefined || this.refused.issues.length > 0 ? nothing : this.refused.message}
      </p>
    </form>`
  }

  #setting(name: FlyField, state: SettingState) {
    const wrong = this.refused?.issues.find(({ path }) => path === name)?.message
    return html`<div class="field">
      <label for=${name}>${words[name]}</label>
      <input
        id=${name}
        name=${name}
        class="mono"
        autocomplete="off"
        spellcheck="false"
        value=${state.storedValue ?? ""}
        aria-describedby="${name}-hint ${name}-wrong"
        aria-invalid=${wrong === undefined ? nothing : "true"}
      />
      <p class="hint" id="${name}-hint">
        ${words.runtime(state.runtimeValue ?? words.nothing)}
        ${state.overriddenByEnv ? words.envWins(state.envValue ?? words.nothing) : nothing}
        ${state.restartRequired ? words.restart : nothing}
      </p>
      <p class="wrong" id="${name}-wrong">${wrong ?? nothing}</p>
    </div>`
  }

  readonly #saveMode = async (event: SubmitEvent) => {
    event.preventDefault()
    const chosen = new FormData(this.modeForm).get("mode")
    const mode = RunnerMode.literals.find((known) => known === chosen)
    if (mode === undefined) return
    await perform(
      this,
      () => setRunnerMode(mode),
      () => words.saved
    )
    this.#mode.refresh()
  }

  readonly #saveFly = async (event: SubmitEvent) => {
    event.preventDefault()
    const data = new FormData(this.flyForm)
    const valueOf = (name: FlyField) => {
      const value = data.get(name)
      return typeof value === "string" && value.trim() !== "" ? value.trim() : null
    }
    this.refused = undefined
    try {
      await saveSettings({
        flySessionsApp: valueOf("flySessionsApp"),
        flySessionsRegion: valueOf("flySessionsRegion")
      })
      this.dispatchEvent(new NoticeEvent(words.saved, "done"))
    } catch (thrown) {
      this.refused = asFailure(thrown)
    }
    this.#settings.refresh()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "settings-page": SettingsPage
  }
}

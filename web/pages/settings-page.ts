import { consume } from "@lit/context"
import { html, LitElement, nothing } from "lit"
import { customElement, state } from "lit/decorators.js"
import { RunnerMode } from "../../src/domain/Modes.ts"
import type { Overview } from "../../src/domain/Overview.ts"
import type { ConnectionTest, ConnectionTestSubject } from "../../src/domain/ConnectionTest.ts"
import type { RunnerModeState, SettingsState, SettingState } from "../../src/domain/Settings.ts"
import { about } from "../data/changes.ts"
import { asFailure, type Failure } from "../data/Failure.ts"
import { draftStorage } from "../data/draftStorage.ts"
import { Live } from "../data/Live.ts"
import { getRunnerMode, getSettings, saveSettings, setRunnerMode } from "../data/operations.ts"
import { overviewContext, type OverviewState } from "../data/overview.ts"
import { trySetting } from "../data/connectionTests.ts"
import "../elements/action-button.ts"
import type { Column } from "../elements/data-table.ts"
import "../elements/data-table.ts"
import { loaded } from "../features/lists/loaded.ts"
import { NoticeEvent } from "../lib/Notice.ts"
import "../elements/setting-connection-tests.ts"
import { TextField } from "../elements/text-field.ts"
import "../elements/text-field.ts"
import "../elements/setting-sources.ts"
import { strings } from "../strings/shell.ts"
import { terms } from "../strings/terms.ts"
import { words } from "../strings/settings.ts"
import { base } from "../styles/base.ts"
import { fields } from "../styles/fields.ts"
import { form } from "../styles/form.ts"
import { page } from "../styles/page.ts"
import { settings as settingsStyles } from "../styles/settings.ts"
import { perform } from "../features/actions/perform.ts"

type Setting = Overview["settings"][number]
type FlyField = keyof SettingsState
type Typed = Partial<Record<FlyField, string>>

const keep = "settings"
const keepMode = "runner mode"

const columns: ReadonlyArray<Column<Setting>> = [
  {
    name: "name",
    label: words.columns.name,
    width: "18rem",
    cell: ({ name }) => html`<span class="mono">${name}</span>`
  },
  {
    name: "value",
    label: words.columns.value,
    stack: "line",
    cell: ({ value }) => html`<span class="mono" title=${value}>${value}</span>`
  },
  { name: "source", label: words.columns.source, width: "8rem", cell: ({ source }) => words.source[source] }
]

/** Runner mode, the Fly settings, and what is in effect from where. */
@customElement("settings-page")
export class SettingsPage extends LitElement {
  static override readonly styles = [base, fields, page, form, settingsStyles]

  @consume({ context: overviewContext, subscribe: true }) @state() private overview: OverviewState | undefined
  @state() private refused: Failure | undefined
  @state() private typed: Typed = draftStorage.get<Typed>(keep) ?? {}
  @state() private chosenMode = draftStorage.get<RunnerMode>(keepMode)

  readonly #mode = new Live(this, { key: () => "runner-mode", load: getRunnerMode, on: about("settings") })
  readonly #settings = new Live(this, { key: () => "settings", load: getSettings, on: about("settings") })

  override render() {
    return html`<div class="head"><h1>${strings.pages.settings}</h1></div>
      <div class="beside">
        <div>
          ${loaded(this.#mode, (mode) => this.#runnerMode(mode))}
          ${loaded(this.#settings, (settings) => this.#fly(settings))}
          <fieldset class="trial">
            <legend>${words.connectionTest}</legend>
            <div class="fields one">
              <p class="muted">${words.connectionTestHint}</p>
              <setting-connection-tests .run=${this.#try}></setting-connection-tests>
            </div>
          </fieldset>
        </div>
        <section>
          <h2>${words.effective}</h2>
          <data-table
            .label=${words.effective}
            .rows=${this.overview?.value?.settings ?? []}
            .columns=${columns}
            .keyOf=${({ name }: Setting) => name}
          ></data-table>
        </section>
      </div>`
  }

  #runnerMode({ mode, overriddenByEnv, source, storedMode }: RunnerModeState) {
    const chosen = this.chosenMode ?? (overriddenByEnv ? (storedMode ?? mode) : mode)
    return html`<form id="mode" @submit=${this.#saveMode} @change=${this.#choose}>
      <fieldset>
        <legend>${words.runnerMode}</legend>
        <div class="fields one">
          <p class="muted">${words.runnerModeHint}</p>
          <div class="choices">
            ${RunnerMode.literals.map(
              (known) =>
                html`<label class="choice">
                  <input type="radio" name="mode" value=${known} .checked=${known === chosen} />
                  ${terms.runnerMode[known]}
                </label>`
            )}
          </div>
          <setting-sources
            .label=${words.sourceList(words.runnerMode)}
            .sources=${[
              {
                from: words.sources.env,
                value: source === "env" ? terms.runnerMode[mode] : null,
                wins: source === "env"
              },
              {
                from: words.sources.stored,
                value: storedMode === null ? null : terms.runnerMode[storedMode],
                wins: source === "db"
              },
              { from: words.sources.default, value: terms.runnerMode.default, wins: source === "default" }
            ]}
          ></setting-sources>
          ${
            overriddenByEnv
              ? html`<p class="note">
                  ${words.overridden(storedMode === null ? words.nothingStored : terms.runnerMode[storedMode])}
                </p>`
              : nothing
          }
          <div><button aria-label=${words.saveMode}>${words.save}</button></div>
        </div>
      </fieldset>
    </form>`
  }

  #fly(settings: SettingsState) {
    return html`<form id="fly" @submit=${this.#saveFly} @input=${this.#type} novalidate>
      <fieldset>
        <legend>${words.fly}</legend>
        <div class="fields one">
          <p class="muted">${words.flyHint}</p>
          ${this.#setting("flySessionsApp", settings.flySessionsApp)}
          ${this.#setting("flySessionsRegion", settings.flySessionsRegion)}
          <div class="buttons">
            <button aria-label=${words.saveFly}>${words.save}</button>
            <p class="wrong" role="alert">
              ${this.refused === undefined || this.refused.issues.length > 0 ? nothing : this.refused.message}
            </p>
          </div>
        </div>
      </fieldset>
    </form>`
  }

  #setting(
    name: FlyField,
    { envValue, overriddenByEnv, restartRequired, runtimeValue, storedValue }: SettingState
  ) {
    const wrong = this.refused?.issues.find(({ path }) => path === name)?.message ?? ""
    return html`<div class="setting">
      <text-field
        name=${name}
        mono
        .label=${words[name]}
        .hint=${words.hints[name]}
        .wrong=${wrong}
        .value=${this.typed[name] ?? storedValue ?? ""}
      ></text-field>
      <setting-sources
        .label=${words.sourceList(words[name])}
        .sources=${[
          { from: words.sources.env, value: envValue, wins: overriddenByEnv },
          {
            from: words.sources.stored,
            value: storedValue,
            wins: !overriddenByEnv && storedValue !== null && !restartRequired
          }
        ]}
      ></setting-sources>
      ${overriddenByEnv ? html`<p class="note">${words.envWins}</p>` : nothing}
      ${restartRequired ? html`<p class="note">${words.restart(runtimeValue ?? words.nothingStored)}</p>` : nothing}
    </div>`
  }

  readonly #try = async (what: ConnectionTestSubject) => {
    let result: ConnectionTest | null = null
    await perform(this, async () => {
      result = await trySetting(what)
    })
    return result
  }

  readonly #type = ({ target }: Event) => {
    if (!(target instanceof TextField)) return
    this.typed = { ...this.typed, [target.name]: target.value }
    draftStorage.set(keep, this.typed)
  }

  readonly #choose = ({ target }: Event) => {
    if (!(target instanceof HTMLInputElement)) return
    this.chosenMode = RunnerMode.literals.find((known) => known === target.value)
    draftStorage.set(keepMode, this.chosenMode)
  }

  readonly #saveMode = async (event: SubmitEvent) => {
    event.preventDefault()
    const mode = this.chosenMode ?? this.#mode.value?.storedMode ?? this.#mode.value?.mode
    if (mode === undefined) return
    await perform(
      this,
      () => setRunnerMode(mode),
      (saved) => {
        this.#mode.value = saved
        this.chosenMode = undefined
        draftStorage.drop(keepMode)
        return words.saved
      }
    )
    this.#mode.refreshAfterAction()
  }

  readonly #saveFly = async (event: SubmitEvent) => {
    event.preventDefault()
    const stored = this.#settings.value
    if (stored === undefined) return
    const valueOf = (name: FlyField) => {
      const value = (this.typed[name] ?? stored[name].storedValue ?? "").trim()
      return value === "" ? null : value
    }
    this.refused = undefined
    try {
      this.#settings.value = await saveSettings({
        flySessionsApp: valueOf("flySessionsApp"),
        flySessionsRegion: valueOf("flySessionsRegion")
      })
      draftStorage.drop(keep)
      this.typed = {}
      this.dispatchEvent(new NoticeEvent(words.saved, "done"))
    } catch (thrown) {
      this.refused = asFailure(thrown)
      await this.updateComplete
      for (const field of this.renderRoot.querySelectorAll("text-field")) {
        await field.updateComplete
        if (field.wrong !== "") {
          field.focus()
          break
        }
      }
    }
    this.#settings.refreshAfterAction()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "settings-page": SettingsPage
  }
}

import { consume } from "@lit/context"
import { html, LitElement, nothing } from "lit"
import { customElement, property, query, state } from "lit/decorators.js"
import * as Result from "effect/Result"
import { type FieldIssue, type Mapping, mappingDefaults } from "../../src/domain/Mapping.ts"
import { ExecutionMode, Provider, SessionMode } from "../../src/domain/Modes.ts"
import { asFailure } from "../data/Failure.ts"
import { deleteMapping, listMappings, saveMapping } from "../data/mappings.ts"
import { overviewContext, type OverviewState } from "../data/overview.ts"
import { about } from "../data/changes.ts"
import { Live } from "../data/Live.ts"
import "../elements/action-button.ts"
import "../elements/empty-state.ts"
import { icons } from "../elements/icons.ts"
import { NoticeEvent } from "../elements/Notice.ts"
import { polled } from "../elements/polled.ts"
import { href, navigate } from "../router/navigation.ts"
import { strings } from "../strings/shell.ts"
import { terms } from "../strings/terms.ts"
import { words as mappingsWords } from "../strings/mappings.ts"
import { words } from "../strings/mapping.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"
import { mapping as mappingStyles } from "../styles/mapping.ts"
import { page } from "../styles/page.ts"
import { ask } from "./ask.ts"
import { type Draft, draftOf, read, type SwitchField, type TextField } from "./mapping/draft.ts"
import { perform } from "./perform.ts"

const hints: Partial<Record<string, string>> = words.hints
const defaults: Partial<Record<string, unknown>> = mappingDefaults

const hintOf = (name: string, options: ReadonlyArray<readonly [string, string]> = []) => {
  const value = defaults[name]
  const label = options.find(([option]) => option === String(value))?.[1] ?? value
  const given = typeof label === "string" || typeof label === "number" ? words.defaultIs(String(label)) : ""
  return [hints[name] ?? "", given].filter((part) => part !== "").join(" ")
}

/** Every field of one mapping, checked by the schemas of the service while typing. */
@customElement("mapping-page")
export class MappingPage extends LitElement {
  static override readonly styles = [base, controls, page, mappingStyles]

  /** Null makes a new one. */
  @property() teamKey: string | null = null
  @consume({ context: overviewContext, subscribe: true }) @state() private overview: OverviewState | undefined
  @state() private draft: Draft | undefined
  @state() private touched: ReadonlySet<string> = new Set()
  @state() private submitted = false
  @state() private busy = false
  @state() private answered: ReadonlyArray<FieldIssue> = []
  @state() private refused: string | undefined
  @state() private envShown = false
  @query("form") private readonly form!: HTMLFormElement

  readonly #mappings = new Live(this, { key: () => "mappings", load: listMappings, on: about("mapping") })

  get #existing(): Mapping | null {
    const key = this.teamKey?.toUpperCase()
    return this.#mappings.value?.find(({ teamKey }) => teamKey === key) ?? null
  }

  override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has("teamKey") && changed.get("teamKey") !== undefined) this.#discard()
    if (this.draft !== undefined) return
    const team = new URLSearchParams(location.search).get("team") ?? ""
    if (this.teamKey === null) this.draft = draftOf(null, team)
    else if (this.#existing !== null) this.draft = draftOf(this.#existing, this.teamKey)
  }

  override render() {
    return html`<p class="crumb small"><a href=${href.mappings}>${strings.pages.mappings}</a></p>
      ${polled(this.#mappings, () => this.#show())}`
  }

  #show() {
    const { draft } = this
    const existing = this.#existing
    if (draft === undefined || (this.teamKey !== null && existing === null)) {
      return html`<empty-state .heading=${words.missing(this.teamKey ?? "")}>
        <a href=${href.mappings}>${words.toList}</a>
      </empty-state>`
    }
    const issues = this.#issues(draft)
    const { texts, switches } = draft
    const text = (name: TextField, options: { readonly mono?: boolean; readonly number?: boolean } = {}) =>
      this.#text(name, draft, issues, options)
    const choice = (name: TextField, options: ReadonlyArray<readonly [string, string]>) =>
      this.#choice(name, draft, issues, options)
    return html`<div class="head">
        <h1>${existing === null ? words.titleNew : words.titleEdit(existing.teamKey)}</h1>
        <div class="end">
          ${
            existing === null
              ? nothing
              : html`<action-button look="danger" .run=${() => this.#delete(existing)}
                  >${mappingsWords.delete}</action-button
                >`
          }
        </div>
      </div>
      <form @submit=${this.#submit} novalidate>
        ${this.#group(
          words.groups.repository,
          html`${existing === null ? text("teamKey", { mono: true }) : nothing}
          ${text("owner", { mono: true })} ${text("repo", { mono: true })}
          ${text("defaultBranch", { mono: true })}`
        )}
        ${this.#group(
          words.groups.capacity,
          html`${text("maxInProgressAiIssues", { number: true })} ${text("deadlineMinutes", { number: true })}
          ${this.#switch("paused", switches.paused)}`
        )}
        ${this.#group(
          words.groups.execution,
          html`${choice(
            "executionMode",
            ExecutionMode.literals.map((mode) => [mode, terms.executionMode[mode]])
          )}
          ${text("workflowFile", { mono: true })}
          ${choice(
            "sessionMode",
            SessionMode.literals.map((mode) => [mode, terms.sessionMode[mode]])
          )}
          ${
            texts.executionMode === "fly-machines"
              ? html`${choice(
                  "machineCpus",
                  ["1", "2", "4", "8"].map((cpus) => [cpus, cpus])
                )}
                ${text("machineMemoryMb", { number: true })}`
              : nothing
          }`
        )}
        ${this.#group(
          words.groups.planning,
          html`${this.#switch("planningEnabled", switches.planningEnabled)}
          ${
            switches.planningEnabled
              ? html`${this.#switch("autoApprovePlans", switches.autoApprovePlans)}
                ${text("planningWorkflowFile", { mono: true })}`
              : nothing
          }`
        )}
        ${this.#group(
          words.groups.provider,
          html`${choice(
            "provider",
            Provider.literals.map((provider) => [provider, terms.provider[provider]])
          )}
          ${texts.provider === "bedrock" ? text("awsRegion", { mono: true }) : nothing}`
        )}
        ${this.#group(words.groups.environment, this.#env(draft, issues))}
        <div class="submit">
          <button class="primary" aria-busy=${this.busy}>
            ${existing === null ? words.create : words.save}
          </button>
          ${existing === null ? nothing : html`<button type="button" class="quiet" @click=${this.#discard}>${words.discard}</button>`}
          <p class="wrong" role="alert">
            ${this.refused ?? (this.submitted && issues.length > 0 ? words.summary(issues) : nothing)}
          </p>
        </div>
      </form>`
  }

  #group(title: string, fields: unknown) {
    return html`<fieldset>
      <legend>${title}</legend>
      <div class="fields">${fields}</div>
    </fieldset>`
  }

  #issues(draft: Draft): ReadonlyArray<FieldIssue> {
    const result = this.#read(draft)
    return [...(Result.isFailure(result) ? result.failure : []), ...this.answered]
  }

  #read(draft: Draft) {
    const settings = this.overview?.value?.settings
    return read(draft, {
      existing: this.#existing,
      taken: this.#mappings.value?.map(({ teamKey }) => teamKey) ?? [],
      publicUrl: settings === undefined || settings.some(({ name }) => name === "PUBLIC_URL")
    })
  }

  #wrong(path: string, issues: ReadonlyArray<FieldIssue>) {
    if (!this.submitted && !this.touched.has(path)) return undefined
    return issues.find((issue) => issue.path === path)?.message
  }

  #below(name: string, wrong: string | undefined, options?: ReadonlyArray<readonly [string, string]>) {
    return html`<p class="hint" id="${name}-hint">${hintOf(name, options)}</p>
      <p class="wrong" id="${name}-wrong">
        ${wrong === undefined ? nothing : html`${icons.cross}${terms.field[name as TextField]} ${wrong}`}
      </p>`
  }

  #text(
    name: TextField,
    draft: Draft,
    issues: ReadonlyArray<FieldIssue>,
    options: { readonly mono?: boolean; readonly number?: boolean }
  ) {
    const wrong = this.#wrong(name, issues)
    return html`<div class="field">
      <label for=${name}>${terms.field[name]}</label>
      <input
        id=${name}
        class=${options.mono === true ? "mono" : ""}
        inputmode=${options.number === true ? "numeric" : "text"}
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        .value=${draft.texts[name]}
        aria-describedby="${name}-hint ${name}-wrong"
        aria-invalid=${wrong === undefined ? nothing : "true"}
        @input=${this.#typed}
        @blur=${this.#left}
      />
      ${this.#below(name, wrong)}
    </div>`
  }

  #choice(
    name: TextField,
    draft: Draft,
    issues: ReadonlyArray<FieldIssue>,
    options: ReadonlyArray<readonly [string, string]>
  ) {
    const wrong = this.#wrong(name, issues)
    return html`<div class="field">
      <label for=${name}>${terms.field[name]}</label>
      <select
        id=${name}
        aria-describedby="${name}-hint ${name}-wrong"
        aria-invalid=${wrong === undefined ? nothing : "true"}
        @change=${this.#typed}
      >
        ${options.map(
          ([value, label]) =>
            html`<option value=${value} ?selected=${value === draft.texts[name]}>${label}</option>`
        )}
      </select>
      ${this.#below(name, wrong, options)}
    </div>`
  }

  #switch(name: SwitchField, on: boolean) {
    const hint = hints[name]
    return html`<div class="field switch">
      <input
        type="checkbox"
        id=${name}
        .checked=${on}
        aria-describedby=${hint === undefined ? nothing : `${name}-hint`}
        @change=${this.#switched}
      />
      <label for=${name}>${terms.field[name]}</label>
      ${hint === undefined ? nothing : html`<p class="hint" id="${name}-hint">${hint}</p>`}
    </div>`
  }

  #env(draft: Draft, issues: ReadonlyArray<FieldIssue>) {
    return html`<div class="env">
      <p class="hint">${words.envHint}</p>
      ${draft.env.map(({ name, value }, index) => {
        const wrong = this.#wrong(`extraEnv.${name.trim()}`, issues)
        return html`<div class="variable">
          <input
            class="mono"
            aria-label="${words.envName} ${index + 1}"
            placeholder=${words.envName}
            autocomplete="off"
            spellcheck="false"
            .value=${name}
            aria-invalid=${wrong === undefined ? nothing : "true"}
            aria-describedby="env-${index}-wrong"
            @input=${(event: Event) => this.#setEnv(index, { name: valueOf(event), value })}
            @blur=${() => this.#touch(`extraEnv.${name.trim()}`)}
          />
          <input
            class="mono"
            type=${this.envShown ? "text" : "password"}
            aria-label="${words.envValue} ${index + 1}"
            placeholder=${words.envValue}
            autocomplete="off"
            .value=${value}
            @input=${(event: Event) => this.#setEnv(index, { name, value: valueOf(event) })}
          />
          <button
            type="button"
            class="quiet"
            aria-label=${words.envRemove(name)}
            @click=${() => this.#setEnv(index, null)}
          >
            ${icons.minus}
          </button>
          <p class="wrong" id="env-${index}-wrong">
            ${wrong === undefined ? nothing : html`${icons.cross}${name} ${wrong}`}
          </p>
        </div>`
      })}
      <div class="more">
        <button type="button" @click=${this.#addEnv}>${icons.plus}${words.envAdd}</button>
        ${
          draft.env.length === 0
            ? nothing
            : html`<label class="show"
                ><input
                  type="checkbox"
                  .checked=${this.envShown}
                  @change=${this.#showEnv}
                />${words.envShow}</label
              >`
        }
      </div>
    </div>`
  }

  #change(draft: Draft) {
    this.draft = draft
    this.answered = []
    this.refused = undefined
  }

  #touch(path: string) {
    this.touched = new Set([...this.touched, path])
  }

  #setEnv(index: number, entry: Draft["env"][number] | null) {
    if (this.draft === undefined) return
    this.#change({
      ...this.draft,
      env: this.draft.env.toSpliced(index, 1, ...(entry === null ? [] : [entry]))
    })
  }

  readonly #addEnv = async () => {
    if (this.draft === undefined) return
    this.#change({ ...this.draft, env: [...this.draft.env, { name: "", value: "" }] })
    await this.updateComplete
    const rows = this.renderRoot.querySelectorAll<HTMLInputElement>(".variable input:first-child")
    rows[rows.length - 1]?.focus()
  }

  readonly #showEnv = () => {
    this.envShown = !this.envShown
  }

  readonly #typed = ({ target }: Event) => {
    if (this.draft === undefined) return
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return
    if (target instanceof HTMLSelectElement) this.#touch(target.id)
    this.#change({ ...this.draft, texts: { ...this.draft.texts, [target.id]: target.value } })
  }

  readonly #left = ({ target }: Event) => {
    if (target instanceof HTMLInputElement && target.value !== "") this.#touch(target.id)
  }

  readonly #switched = ({ target }: Event) => {
    if (this.draft === undefined || !(target instanceof HTMLInputElement)) return
    this.#change({ ...this.draft, switches: { ...this.draft.switches, [target.id]: target.checked } })
  }

  readonly #discard = () => {
    this.draft = undefined
    this.touched = new Set()
    this.submitted = false
    this.answered = []
    this.refused = undefined
  }

  readonly #submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (this.busy || this.draft === undefined) return
    this.submitted = true
    this.answered = []
    this.refused = undefined
    const result = this.#read(this.draft)
    if (Result.isFailure(result)) return this.#focusFirstWrong()
    this.busy = true
    try {
      const { teamKey } = await saveMapping(result.success)
      this.dispatchEvent(new NoticeEvent(words.saved(teamKey), "done"))
      navigate(href.mappings)
    } catch (thrown) {
      const { issues, message } = asFailure(thrown)
      this.answered = issues
      this.refused = message
      await this.#focusFirstWrong()
    } finally {
      this.busy = false
    }
  }

  async #focusFirstWrong() {
    await this.updateComplete
    this.form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus()
  }

  async #delete({ owner, repo, teamKey }: Mapping) {
    const yes = await ask({
      title: mappingsWords.deleteTitle(teamKey),
      body: mappingsWords.deleteBody(`${owner}/${repo}`),
      action: mappingsWords.delete,
      danger: true
    })
    if (yes === null) return
    const done = await perform(
      this,
      () => deleteMapping(teamKey),
      ({ liveDispatches }) => mappingsWords.deleted(teamKey, liveDispatches)
    )
    if (done) navigate(href.mappings)
  }
}

const valueOf = ({ target }: Event) => (target instanceof HTMLInputElement ? target.value : "")

declare global {
  interface HTMLElementTagNameMap {
    "mapping-page": MappingPage
  }
}

import { consume } from "@lit/context"
import * as Equal from "effect/Equal"
import * as Result from "effect/Result"
import { html, LitElement, nothing } from "lit"
import { customElement, property, query, state } from "lit/decorators.js"
import { type FieldIssue, type Mapping, mappingDefaults } from "../../src/domain/Mapping.ts"
import { ExecutionMode, Provider, SessionMode } from "../../src/domain/Modes.ts"
import { about } from "../data/changes.ts"
import { asFailure } from "../data/Failure.ts"
import { draftStorage } from "../data/draftStorage.ts"
import { Live } from "../data/Live.ts"
import { listMappings, saveMapping } from "../data/mappings.ts"
import { overviewContext, type OverviewState } from "../data/overview.ts"
import "../elements/action-button.ts"
import "../elements/choice-field.ts"
import { ChoiceField } from "../elements/choice-field.ts"
import "../elements/empty-state.ts"
import { EnvEditor } from "../elements/env-editor.ts"
import "../elements/env-editor.ts"
import { Field } from "../elements/field.ts"
import { loaded } from "../features/lists/loaded.ts"
import { NoticeEvent } from "../lib/Notice.ts"
import { onceReleased } from "../lib/released.ts"
import { SwitchField } from "../elements/switch-field.ts"
import "../elements/switch-field.ts"
import { TextField } from "../elements/text-field.ts"
import "../elements/text-field.ts"
import { href, navigate } from "../router/navigation.ts"
import { strings } from "../strings/shell.ts"
import { terms } from "../strings/terms.ts"
import { words as mappingsWords } from "../strings/mappings.ts"
import { words } from "../strings/mapping.ts"
import { base } from "../styles/base.ts"
import { fields } from "../styles/fields.ts"
import { form } from "../styles/form.ts"
import { page } from "../styles/page.ts"
import { pauseMapping, removeMapping } from "../features/mappings/mapping-actions.ts"
import "../features/mappings/mapping-readiness.ts"
import {
  type Draft,
  draftOf,
  read,
  rebased,
  type SwitchName,
  type TextName
} from "../features/mappings/mapping-draft.ts"

interface StoredDraft {
  readonly draft: Draft
  readonly base: Draft
}

type Options = ReadonlyArray<readonly [string, string]>

const hints: Partial<Record<string, string>> = words.hints
const defaults: Partial<Record<string, unknown>> = mappingDefaults

const hintOf = (name: string, options: Options = []) => {
  const value = defaults[name]
  const label = options.find(([option]) => option === String(value))?.[1] ?? value
  const given = typeof label === "string" || typeof label === "number" ? words.defaultIs(String(label)) : ""
  return [hints[name] ?? "", given].filter((part) => part !== "").join(" ")
}

const optionsOf = <A extends string>(values: ReadonlyArray<A>, labels: Record<A, string>): Options =>
  values.map((value) => [value, labels[value]])

/** Every field of one mapping, checked by the schemas of the service while typing. */
@customElement("mapping-page")
export class MappingPage extends LitElement {
  static override readonly styles = [base, fields, page, form]

  @property() teamKey: string | null = null
  @consume({ context: overviewContext, subscribe: true }) @state() private overview: OverviewState | undefined
  @state() private draft: Draft | undefined
  #base: Draft | undefined
  @state() private restored = false
  @state() private left: ReadonlySet<string> = new Set()
  @state() private submitted = false
  @state() private busy = false
  @state() private answered: ReadonlyArray<FieldIssue> = []
  @state() private refused: string | undefined
  @query("form") private readonly form!: HTMLFormElement

  readonly #mappings = new Live(this, { key: () => "mappings", load: listMappings, on: about("mapping") })

  get #existing(): Mapping | null {
    const key = this.teamKey?.toUpperCase()
    return this.#mappings.value?.find(({ teamKey }) => teamKey === key) ?? null
  }

  get #keep() {
    return `mapping ${this.teamKey ?? "new"}`
  }

  override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has("teamKey") && changed.get("teamKey") !== undefined) this.#clear()
    const existing = this.#existing
    if (this.teamKey !== null && existing === null) return
    const team = new URLSearchParams(location.search).get("team") ?? ""
    const saved = draftOf(existing, existing?.teamKey ?? team)
    if (this.draft === undefined) {
      const before = draftStorage.get<StoredDraft>(this.#keep)
      this.#base = before?.base ?? saved
      this.draft = before?.draft ?? saved
      this.restored = before !== undefined
    }
    this.draft = rebased(this.draft, this.#base ?? saved, saved)
    this.#base = saved
  }

  override render() {
    return html`<p class="crumb"><a href=${href.mappings}>${strings.pages.mappings}</a></p>
      ${loaded(this.#mappings, () => this.#show())}`
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
    return html`<div class="head">
        <h1>${existing === null ? words.titleNew : words.titleEdit(existing.teamKey)}</h1>
        ${existing === null ? nothing : this.#actions(existing)}
      </div>
      ${this.restored ? html`<p class="note" role="status">${words.restored}</p>` : nothing}
      <div class="beside">
        <form @submit=${this.#submit} @input=${this.#typed} @focusout=${this.#leave} novalidate>
          ${this.#groups(draft, issues, existing === null)}
          <div class="submit">
            <button class="primary" aria-busy=${this.busy}>
              ${existing === null ? words.create : words.save}
            </button>
            ${
              existing === null && !this.restored
                ? nothing
                : html`<button type="button" class="quiet" @click=${this.#discard}>${words.discard}</button>`
            }
            <p class="wrong" role="alert">
              ${this.refused ?? (this.submitted && issues.length > 0 ? words.summary(issues) : nothing)}
            </p>
          </div>
        </form>
        ${
          existing === null
            ? nothing
            : html`<div class="side">
                <mapping-readiness .teamKey=${existing.teamKey}></mapping-readiness>
                <p><a href=${href.teamSecrets(existing.teamKey)}>${words.secrets(existing.teamKey)}</a></p>
              </div>`
        }
      </div>`
  }

  #actions(existing: Mapping) {
    return html`<div class="end">
      <action-button .run=${() => this.#pause(existing)}
        >${existing.paused ? mappingsWords.resume : mappingsWords.pause}</action-button
      >
      <action-button look="danger" .run=${() => this.#remove(existing)}
        >${mappingsWords.delete}</action-button
      >
    </div>`
  }

  #groups({ env, switches, texts }: Draft, issues: ReadonlyArray<FieldIssue>, creating: boolean) {
    const wrong = (name: string) =>
      this.submitted || this.left.has(name) ? issues.find(({ path }) => path === name)?.message : undefined
    const said = (name: TextName) => {
      const message = wrong(name)
      return message === undefined ? "" : `${words.field[name]} ${message}`
    }
    const text = (name: TextName, kind: "mono" | "number" = "mono") =>
      html`<text-field
        name=${name}
        .label=${words.field[name]}
        .hint=${hintOf(name)}
        .wrong=${said(name)}
        .value=${texts[name]}
        ?mono=${kind === "mono"}
        ?numeric=${kind === "number"}
      ></text-field>`
    const choice = (name: TextName, options: Options) =>
      html`<choice-field
        name=${name}
        .label=${words.field[name]}
        .hint=${hintOf(name, options)}
        .wrong=${said(name)}
        .value=${texts[name]}
        .options=${options}
      ></choice-field>`
    const onOff = (name: SwitchName) =>
      html`<switch-field
        name=${name}
        .label=${words.field[name]}
        .hint=${hints[name] ?? ""}
        .checked=${switches[name]}
      ></switch-field>`
    const { groups } = words
    return [
      this.#group(groups.repository, [
        creating ? text("teamKey") : nothing,
        text("owner"),
        text("repo"),
        text("defaultBranch")
      ]),
      this.#group(groups.capacity, [
        text("maxInProgressAiIssues", "number"),
        text("deadlineMinutes", "number"),
        onOff("paused")
      ]),
      this.#group(groups.execution, [
        choice("executionMode", optionsOf(ExecutionMode.literals, terms.executionMode)),
        text("workflowFile"),
        choice("sessionMode", optionsOf(SessionMode.literals, terms.sessionMode)),
        texts.executionMode === "fly-machines"
          ? [
              choice(
                "machineCpus",
                ["1", "2", "4", "8"].map((cpus) => [cpus, cpus])
              ),
              text("machineMemoryMb", "number")
            ]
          : nothing
      ]),
      this.#group(groups.planning, [
        onOff("planningEnabled"),
        switches.planningEnabled ? [onOff("autoApprovePlans"), text("planningWorkflowFile")] : nothing
      ]),
      this.#group(groups.provider, [
        choice("provider", optionsOf(Provider.literals, terms.provider)),
        texts.provider === "bedrock" ? text("awsRegion") : nothing
      ]),
      this.#group(
        groups.environment,
        html`<env-editor
          .env=${env}
          .wrong=${(name: string) => issues.find(({ path }) => path === `extraEnv.${name.trim()}`)?.message}
        ></env-editor>`
      )
    ]
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

  #change(draft: Draft) {
    this.draft = draft
    this.answered = []
    this.refused = undefined
    if (Equal.equals(draft, this.#base)) draftStorage.drop(this.#keep)
    else draftStorage.set(this.#keep, { draft, base: this.#base })
  }

  readonly #typed = ({ target }: Event) => {
    const { draft } = this
    if (draft === undefined) return
    if (target instanceof EnvEditor) this.#change({ ...draft, env: target.env })
    else if (target instanceof SwitchField) {
      this.#change({ ...draft, switches: { ...draft.switches, [target.name]: target.checked } })
    } else if (target instanceof TextField || target instanceof ChoiceField) {
      this.#change({ ...draft, texts: { ...draft.texts, [target.name]: target.value } })
    }
    if (target instanceof ChoiceField) this.left = new Set([...this.left, target.name])
  }

  readonly #leave = ({ target }: Event) => {
    if (!(target instanceof TextField) || target.value === "") return
    onceReleased(() => {
      this.left = new Set([...this.left, target.name])
    })
  }

  #clear() {
    this.draft = undefined
    this.restored = false
    this.left = new Set()
    this.submitted = false
    this.answered = []
    this.refused = undefined
  }

  readonly #discard = () => {
    draftStorage.drop(this.#keep)
    this.#clear()
  }

  async #pause(existing: Mapping) {
    if (await pauseMapping(this, existing)) this.#mappings.refreshAfterAction()
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
      draftStorage.drop(this.#keep)
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
    this.form.querySelector("env-editor")?.showWrong()
    await this.updateComplete
    const fields = [...this.form.querySelectorAll<HTMLElement>("text-field, choice-field, switch-field")]
    fields.find((field) => field instanceof Field && field.wrong !== "")?.focus()
  }

  async #remove(existing: Mapping) {
    if (await removeMapping(this, existing)) {
      draftStorage.drop(this.#keep)
      navigate(href.mappings)
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mapping-page": MappingPage
  }
}

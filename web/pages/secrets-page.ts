import { consume } from "@lit/context"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import { css, html, LitElement, nothing } from "lit"
import { customElement, property, query, state } from "lit/decorators.js"
import type { FieldIssue } from "../../src/domain/Mapping.ts"
import { GlobalSecretInput, type Secret, TeamSecretInput } from "../../src/domain/Secrets.ts"
import { about } from "../data/changes.ts"
import { asFailure } from "../data/Failure.ts"
import { draftStorage } from "../data/draftStorage.ts"
import { Live } from "../data/Live.ts"
import { overviewContext, type OverviewState } from "../data/overview.ts"
import { deleteSecret, listSecrets, setSecret } from "../data/secrets.ts"
import "../elements/action-button.ts"
import { actionsColumn, type Column } from "../elements/data-table.ts"
import "../elements/data-table.ts"
import "../elements/empty-state.ts"
import "../elements/filter-links.ts"
import { loaded } from "../features/lists/loaded.ts"
import { NoticeEvent } from "../lib/Notice.ts"
import "../elements/relative-time.ts"
import "../elements/state-mark.ts"
import "../elements/text-field.ts"
import type { TextField } from "../elements/text-field.ts"
import { href } from "../router/navigation.ts"
import { strings } from "../strings/shell.ts"
import { words } from "../strings/secrets.ts"
import { base } from "../styles/base.ts"
import { fields } from "../styles/fields.ts"
import { page } from "../styles/page.ts"
import { confirm } from "../features/actions/ask.ts"
import { schemaIssues } from "../lib/schema-issues.ts"

const keyOf = ({ name }: Secret) => name

/** Names of secrets, of one team or of all, and setting them: values are write-only. */
@customElement("secrets-page")
export class SecretsPage extends LitElement {
  static override readonly styles = [
    base,
    fields,
    page,
    css`
      form {
        display: grid;
        grid-template-columns: minmax(0, 18rem) minmax(0, 24rem) max-content;
        align-items: start;
        gap: 0.5rem 1rem;
        margin-bottom: 1.5rem;
      }
      form button {
        margin-top: 1.5rem;
      }
      .alone {
        grid-column: 1 / -1;
      }
      @media (max-width: 63.99rem) {
        form {
          grid-template-columns: minmax(0, 1fr);
        }
        form button {
          margin-top: 0;
          justify-self: start;
        }
      }
    `
  ]

  @property() teamKey: string | null = null
  @consume({ context: overviewContext, subscribe: true }) @state() private overview: OverviewState | undefined
  @state() private name = ""
  @state() private value = ""
  @state() private lost = false
  @state() private busy = false
  @state() private issues: ReadonlyArray<FieldIssue> = []
  @state() private refused = ""
  @query("[name=name]") private readonly nameField!: TextField
  @query("[name=value]") private readonly valueField!: TextField

  readonly #secrets = new Live(this, {
    key: () => `secrets ${this.teamKey ?? ""}`,
    load: (signal) => listSecrets(this.teamKey, signal),
    on: about("secret")
  })

  readonly #columns: ReadonlyArray<Column<Secret>> = [
    {
      name: "name",
      label: words.columns.name,
      cell: ({ name }) => html`<span class="mono" title=${name}>${name}</span>`
    },
    {
      name: "managed",
      label: words.columns.managed,
      width: "12rem",
      stack: "after",
      cell: ({ unmanaged }) =>
        unmanaged
          ? html`<state-mark icon="warning" tone="waiting">${words.unmanaged}</state-mark>`
          : html`<state-mark icon="check" tone="succeeded">${words.managed}</state-mark>`
    },
    {
      name: "digest",
      label: words.columns.digest,
      width: "12rem",
      from: 60,
      cell: ({ digest }) => html`<span class="mono muted" title=${digest ?? nothing}>${digest}</span>`
    },
    {
      name: "updated",
      label: words.columns.updated,
      width: "7rem",
      align: "end",
      cell: ({ createdAt, updatedAt }) =>
        html`<span class="muted"><relative-time .at=${updatedAt ?? createdAt ?? null}></relative-time></span>`
    },
    actionsColumn(
      "10rem",
      ({ name }) =>
        html`<action-button
            look="compact"
            .label=${`${words.replace} ${name}`}
            .run=${() => this.#replace(name)}
            >${words.replace}</action-button
          ><action-button
            look="compact danger"
            .label=${`${words.delete} ${name}`}
            .run=${() => this.#delete(name)}
            >${words.delete}</action-button
          >`
    )
  ]

  get #keep() {
    return `secret ${this.teamKey ?? ""}`
  }

  override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has("teamKey")) return
    this.name = draftStorage.get<string>(this.#keep) ?? ""
    this.lost = this.name !== ""
    this.value = ""
    this.issues = []
    this.refused = ""
  }

  override render() {
    const teams = this.overview?.value?.teams.map(({ teamKey }) => teamKey) ?? []
    const { teamKey } = this
    return html`<div class="head"><h1>${strings.pages.secrets}</h1></div>
      <div class="filters">
        <filter-links
          .label=${words.scopes}
          .value=${teamKey ?? ""}
          .links=${[
            { value: "", text: words.global, href: href.secrets },
            ...teams.map((team) => ({ value: team, text: team, href: href.teamSecrets(team) }))
          ]}
        ></filter-links>
      </div>
      <p class="intro below">${teamKey === null ? words.introGlobal : words.introTeam(teamKey)}</p>
      ${this.#form()}
      ${loaded(this.#secrets, (all) => this.#list(all), {
        heading: words.missing,
        href: href.secrets,
        text: words.global
      })}`
  }

  #form() {
    const wrong = (path: string) => this.issues.find((issue) => issue.path === path)?.message ?? ""
    const known = this.#secrets.value?.some(({ name }) => name === this.name.trim()) === true
    return html`<form @submit=${this.#submit} novalidate>
      ${this.lost ? html`<p class="note alone" role="status">${words.valueGone}</p>` : nothing}
      <text-field
        name="name"
        mono
        max="128"
        .label=${words.name}
        .hint=${known ? words.replaceHint : words.nameHint}
        .wrong=${wrong("name")}
        .value=${this.name}
        @input=${this.#typed}
      ></text-field>
      <text-field
        name="value"
        kind="password"
        max="65536"
        autocomplete="new-password"
        .label=${words.value}
        .wrong=${wrong("value")}
        .value=${this.value}
        @input=${this.#typed}
      ></text-field>
      <button class="primary" aria-busy=${this.busy}>${words.save}</button>
      ${this.refused === "" ? nothing : html`<p class="wrong alone" role="alert">${this.refused}</p>`}
    </form>`
  }

  #list(all: ReadonlyArray<Secret>) {
    return all.length === 0
      ? html`<empty-state .heading=${words.empty} .hint=${words.emptyHint}></empty-state>`
      : html`<data-table
          .label=${strings.pages.secrets}
          .rows=${all}
          .columns=${this.#columns}
          .keyOf=${keyOf}
        ></data-table>`
  }

  readonly #typed = () => {
    this.name = this.nameField.value
    this.value = this.valueField.value
    this.issues = []
    this.refused = ""
    if (this.name === "") draftStorage.drop(this.#keep)
    else draftStorage.set(this.#keep, this.name)
  }

  async #replace(name: string) {
    this.name = name
    this.value = ""
    await this.updateComplete
    this.valueField.focus()
  }

  async #delete(name: string) {
    await confirm(
      this,
      {
        title: words.deleteTitle(name),
        body: words.deleteBody(name, this.teamKey ?? words.global.toLowerCase()),
        action: words.delete,
        danger: true
      },
      () => deleteSecret(this.teamKey, name),
      () => words.deleted(name)
    )
    this.#secrets.refreshAfterAction()
  }

  readonly #submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (this.busy) return
    const schema = this.teamKey === null ? GlobalSecretInput : TeamSecretInput
    const typed = { name: this.name.trim(), value: this.value }
    const decoded = Schema.decodeExit(schema)(typed, { errors: "all" })
    if (Exit.isFailure(decoded)) {
      this.issues = schemaIssues(decoded.cause)
      return
    }
    this.busy = true
    try {
      const { name, warning } = await setSecret(this.teamKey, decoded.value)
      draftStorage.drop(this.#keep)
      this.name = ""
      this.value = ""
      this.lost = false
      this.dispatchEvent(new NoticeEvent(words.saved(name, warning), "done"))
    } catch (thrown) {
      const { issues, message } = asFailure(thrown)
      this.issues = issues
      this.refused = issues.length === 0 ? message : ""
    } finally {
      this.busy = false
    }
    this.#secrets.refreshAfterAction()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "secrets-page": SecretsPage
  }
}

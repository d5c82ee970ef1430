import { consume } from "@lit/context"
import { html, LitElement } from "lit"
import { customElement, property, state } from "lit/decorators.js"
import type { Mapping } from "../../src/domain/Mapping.ts"
import { listMappings } from "../data/mappings.ts"
import { overviewContext, type OverviewState } from "../data/overview.ts"
import { about } from "../data/changes.ts"
import { Live } from "../data/Live.ts"
import "../elements/action-button.ts"
import "../elements/capacity-bar.ts"
import { actionsColumn, type Column } from "../elements/data-table.ts"
import "../elements/data-table.ts"
import "../elements/empty-state.ts"
import { icons } from "../lib/icons.ts"
import { loaded } from "../features/lists/loaded.ts"
import "../elements/relative-time.ts"
import "../elements/state-mark.ts"
import { href } from "../router/navigation.ts"
import { strings } from "../strings/shell.ts"
import { terms } from "../strings/terms.ts"
import { words } from "../strings/mappings.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"
import { page } from "../styles/page.ts"
import { pauseMapping, removeMapping } from "../features/mappings/mapping-actions.ts"
import { matches } from "../lib/search.ts"

const keyOf = ({ teamKey }: Mapping) => teamKey

const planning = ({ autoApprovePlans, planningEnabled }: Mapping) => {
  if (!planningEnabled) return words.planning.off
  return autoApprovePlans ? words.planning.auto : words.planning.approved
}

/** Which Linear team goes to which repository. */
@customElement("mappings-page")
export class MappingsPage extends LitElement {
  static override readonly styles = [base, controls, page]

  @property({ attribute: false }) query = new URLSearchParams()
  @consume({ context: overviewContext, subscribe: true }) @state() private overview: OverviewState | undefined

  readonly #mappings = new Live(this, { key: () => "mappings", load: listMappings, on: about("mapping") })

  readonly #columns: ReadonlyArray<Column<Mapping>> = [
    {
      name: "team",
      label: words.columns.team,
      width: "7rem",
      cell: ({ teamKey }) => html`<a class="open mono" href=${href.mapping(teamKey)}>${teamKey}</a>`
    },
    {
      name: "repository",
      label: words.columns.repository,
      stack: "line",
      cell: ({ owner, repo }) => html`<span class="mono" title="${owner}/${repo}">${owner}/${repo}</span>`
    },
    {
      name: "branch",
      label: words.columns.branch,
      width: "10rem",
      from: 84,
      cell: ({ defaultBranch }) => html`<span class="mono" title=${defaultBranch}>${defaultBranch}</span>`
    },
    {
      name: "slots",
      label: words.columns.slots,
      stack: "line",
      cell: (mapping) => this.#slots(mapping)
    },
    {
      name: "mode",
      label: words.columns.mode,
      width: "9rem",
      cell: ({ executionMode }) => terms.executionMode[executionMode]
    },
    {
      name: "provider",
      label: words.columns.provider,
      width: "9rem",
      from: 84,
      cell: ({ provider }) => terms.provider[provider]
    },
    { name: "planning", label: words.columns.planning, width: "10.5rem", from: 72, cell: planning },
    {
      name: "state",
      label: words.columns.state,
      width: "6.5rem",
      cell: ({ paused }) =>
        paused
          ? html`<state-mark icon="pause" tone="waiting">${words.paused}</state-mark>`
          : html`<state-mark icon="check" tone="succeeded">${words.active}</state-mark>`
    },
    {
      name: "updated",
      label: words.columns.updated,
      width: "6.5rem",
      align: "end",
      from: 72,
      cell: ({ updatedAt }) =>
        html`<span class="muted"><relative-time .at=${updatedAt}></relative-time></span>`
    },
    actionsColumn("9.5rem", (mapping) => this.#actions(mapping))
  ]

  #slots({ maxInProgressAiIssues: cap, teamKey }: Mapping) {
    const used = this.overview?.value?.teams.find((team) => team.teamKey === teamKey)?.used ?? 0
    return html`<span class="slots"
      >${used}/${cap} <capacity-bar .used=${used} .cap=${cap}></capacity-bar
    ></span>`
  }

  override render() {
    return html`<div class="head">
        <h1>${strings.pages.mappings}</h1>
        <div class="end"><a class="button primary" href=${href.newMapping}>${icons.plus}${words.add}</a></div>
      </div>
      ${loaded(this.#mappings, (all) => this.#list(all))}`
  }

  #list(all: ReadonlyArray<Mapping>) {
    const q = this.query.get("q") ?? ""
    const rows = all.filter(
      ({ owner, repo, teamKey }) => q === "" || matches(q, [teamKey, `${owner}/${repo}`])
    )
    if (all.length === 0) {
      return html`<empty-state .heading=${words.empty} .hint=${words.emptyHint}>
        <a class="button" href=${href.newMapping}>${words.add}</a>
      </empty-state>`
    }
    if (rows.length === 0) return html`<empty-state .heading=${words.noneMatch}></empty-state>`
    return html`<data-table
      .label=${strings.pages.mappings}
      .rows=${rows}
      .columns=${this.#columns}
      .keyOf=${keyOf}
    ></data-table>`
  }

  #actions(mapping: Mapping) {
    const { paused, teamKey } = mapping
    const switchText = paused ? words.resume : words.pause
    return html`<action-button
        look="compact"
        .label=${`${switchText} ${teamKey}`}
        .run=${() => this.#then(pauseMapping(this, mapping))}
        >${switchText}</action-button
      ><action-button
        look="compact danger"
        .label=${`${words.delete} ${teamKey}`}
        .run=${() => this.#then(removeMapping(this, mapping))}
        >${words.delete}</action-button
      >`
  }

  async #then(done: Promise<boolean>) {
    await done
    this.#mappings.refreshAfterAction()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mappings-page": MappingsPage
  }
}

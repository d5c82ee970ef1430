import { Task } from "@lit/task"
import { css, html, LitElement, nothing } from "lit"
import { customElement, property, state } from "lit/decorators.js"
import type { Readiness } from "../../../src/domain/Readiness.ts"
import { asFailure } from "../../data/Failure.ts"
import type { WorkflowSync } from "../../../src/domain/Templates.ts"
import { getReadiness, syncWorkflows } from "../../data/mappings.ts"
import "../../elements/action-button.ts"
import "../../elements/error-state.ts"
import "../../elements/loading-state.ts"
import "../../elements/readiness-list.ts"
import "../../elements/state-mark.ts"
import { outward } from "../../lib/outward.ts"
import { words } from "../../strings/readiness.ts"
import { base } from "../../styles/base.ts"
import { page } from "../../styles/page.ts"
import { perform } from "../actions/perform.ts"

/** Checks the repository of a mapping when it is opened, and on request. */
@customElement("mapping-readiness")
export class MappingReadiness extends LitElement {
  static override readonly styles = [
    base,
    page,
    css`
      :host {
        padding: 0;
        margin-bottom: 1rem;
      }
      .verdict {
        padding: 0.5rem 0;
        border-bottom: 1px solid var(--hairline);
        font-weight: var(--strong);
      }
      state-mark {
        white-space: normal;
      }
    `
  ]

  @property() teamKey = ""

  @state() private synced: WorkflowSync | undefined

  readonly #looked = new Task(this, {
    args: () => [this.teamKey] as const,
    task: ([teamKey], { signal }) => getReadiness(teamKey, signal)
  })

  override render() {
    return html`<section>
      <div class="title">
        <h2>${words.title}</h2>
        <action-button look="compact" .run=${() => this.#sync()}>${words.sync}</action-button>
        <action-button look="compact" .run=${() => this.#looked.run()}>${words.look}</action-button>
      </div>
      ${this.synced === undefined ? nothing : this.#showSync(this.synced)}
      ${this.#looked.render({
        pending: () =>
          this.#looked.value === undefined
            ? html`<loading-state></loading-state>`
            : this.#show(this.#looked.value),
        complete: (readiness) => this.#show(readiness),
        error: (error) =>
          html`<error-state
            .message=${asFailure(error).message}
            @retry=${() => this.#looked.run()}
          ></error-state>`
      })}
    </section>`
  }

  override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has("teamKey")) this.synced = undefined
  }

  async #sync() {
    const done = await perform(this, async () => {
      this.synced = await syncWorkflows(this.teamKey)
    })
    if (done) await this.#looked.run()
  }

  #showSync({ files, leftAlone, note, pullRequest, result }: WorkflowSync) {
    const said =
      result === "up-to-date"
        ? pullRequest === null
          ? words.synced[result]
          : words.openAlready
        : `${words.synced[result]} ${words.proposes(files.length)}`
    return html`<div class="note" role="status">
      <p>
        ${said}
        ${pullRequest === null ? nothing : outward(pullRequest.url, words.pullRequest(pullRequest.number))}
      </p>
      ${leftAlone.map(({ path, workflowFile }) => html`<p>${words.leftAlone(path, workflowFile)}</p>`)}
      ${note === null ? nothing : html`<p>${note}</p>`}
    </div>`
  }

  #show(readiness: Readiness) {
    return html`<p class="verdict">
        ${
          readiness.ready
            ? html`<state-mark icon="check" tone="succeeded">${words.ready}</state-mark>`
            : html`<state-mark icon="warning" tone="failed">${words.notReady}</state-mark>`
        }
      </p>
      <readiness-list .readiness=${readiness}></readiness-list>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "mapping-readiness": MappingReadiness
  }
}

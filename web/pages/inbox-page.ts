import * as DateTime from "effect/DateTime"
import { css, html, LitElement, nothing } from "lit"
import { customElement } from "lit/decorators.js"
import { repeat } from "lit/directives/repeat.js"
import type { Issue } from "../../src/domain/Issue.ts"
import type { Question } from "../../src/domain/Question.ts"
import { about } from "../data/changes.ts"
import { listIssues } from "../data/issues.ts"
import { Live } from "../data/Live.ts"
import { listQuestions } from "../data/questions.ts"
import "../elements/empty-state.ts"
import "../elements/relative-time.ts"
import { issueActions } from "../features/issues/issue-actions.ts"
import "../features/issues/reason-text.ts"
import { loaded } from "../features/lists/loaded.ts"
import { questionForm } from "../features/questions/question-form.ts"
import { needsYou } from "../../src/domain/needsYou.ts"
import { outward } from "../lib/outward.ts"
import { href } from "../router/navigation.ts"
import { words } from "../strings/inbox.ts"
import { strings } from "../strings/shell.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"
import { page } from "../styles/page.ts"

interface Waiting {
  readonly issues: ReadonlyArray<Issue>
  readonly questions: ReadonlyArray<Question>
}

type Kind = keyof typeof needsYou
const kinds = ["questions", "plans", "stopped", "setup", "review"] as const satisfies ReadonlyArray<Kind>

/** Everything that waits for a person, oldest first, each with what can be done about it. */
@customElement("inbox-page")
export class InboxPage extends LitElement {
  static override readonly styles = [
    base,
    controls,
    page,
    css`
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) max-content;
        gap: 0.25rem 1rem;
        padding: 0.75rem 0;
        border-bottom: 1px solid var(--hairline);
      }
      .subject {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .subject strong {
        font-weight: 400;
      }
      reason-text,
      run-question {
        grid-column: 1 / -1;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem;
        grid-column: 1 / -1;
      }
    `
  ]

  readonly #waiting = new Live<Waiting>(this, {
    key: () => "inbox",
    load: async (signal) => {
      const [issues, questions] = await Promise.all([listIssues(signal), listQuestions(signal)])
      const open = questions.filter(({ answer, closedAt }) => answer === null && closedAt === null)
      return { issues, questions: open.toSorted((a, b) => DateTime.Order(a.expiresAt, b.expiresAt)) }
    },
    on: about("issue", "dispatch", "mapping", "question")
  })

  override render() {
    return html`<div class="head"><h1>${strings.pages.inbox}</h1></div>
      ${loaded(this.#waiting, (waiting) => this.#list(waiting))}`
  }

  #list({ issues, questions }: Waiting) {
    const sections = kinds.map((kind) => ({
      kind,
      issues: kind === "questions" ? [] : this.#of(issues, kind)
    }))
    if (questions.length === 0 && sections.every((section) => section.issues.length === 0)) {
      return html`<empty-state .heading=${words.empty} .hint=${words.emptyHint}></empty-state>`
    }
    return html`${sections.map((section) => {
      const count = section.kind === "questions" ? questions.length : section.issues.length
      if (count === 0) return nothing
      return html`<section>
        <div class="title">
          <h2>${words.sections[section.kind]}</h2>
          <span>${count}</span>
        </div>
        <ul>
          ${
            section.kind === "questions"
              ? repeat(
                  questions,
                  ({ id }) => id,
                  (question) => this.#question(question)
                )
              : repeat(
                  section.issues,
                  ({ issueId }) => issueId,
                  (issue) => this.#issue(issue)
                )
          }
        </ul>
      </section>`
    })}`
  }

  #of(issues: ReadonlyArray<Issue>, kind: Kind) {
    const tags: ReadonlyArray<string> = needsYou[kind]
    return issues
      .filter(({ reason }) => reason !== null && tags.includes(reason._tag))
      .toSorted((a, b) => DateTime.Order(a.since, b.since))
  }

  #question(question: Question) {
    return html`<li>
      <p class="subject">
        <a class="mono" href=${href.dispatch(question.dispatchId)}>${question.issueIdentifier}</a>
      </p>
      ${questionForm(this, question, this.#waiting.refreshAfterAction)}
    </li>`
  }

  #issue(issue: Issue) {
    const { identifier, reason, since, teamKey, title, url } = issue
    return html`<li>
      <p class="subject">
        ${outward(url, html`<span class="mono">${identifier}</span>`)} <strong>${title}</strong>
      </p>
      <span class="muted"><relative-time .at=${since}></relative-time></span>
      <reason-text .reason=${reason} .teamKey=${teamKey}></reason-text>
      <div class="actions">
        ${
          reason?._tag === "waiting_approval" && reason.planDispatchId !== null
            ? html`<a class="button compact" href=${href.dispatch(reason.planDispatchId)}>${words.plan}</a>`
            : nothing
        }
        ${issueActions(this, issue, this.#waiting.refreshAfterAction)}
      </div>
    </li>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "inbox-page": InboxPage
  }
}

import { html, LitElement, nothing } from "lit"
import { customElement, query, state } from "lit/decorators.js"
import {
  type Setup,
  type SetupCheck,
  type SetupLines,
  type SetupStep,
  type SetupStepName,
  setupTitles
} from "../../src/domain/Setup.ts"
import { about } from "../data/changes.ts"
import { asFailure } from "../data/Failure.ts"
import { Live } from "../data/Live.ts"
import { saveMapping, syncWorkflows } from "../data/mappings.ts"
import {
  createLabel,
  createTestIssue,
  createWebhook,
  getSetup,
  prepareApp,
  receiveApp,
  removeTestIssue,
  setPollingOnly
} from "../data/setup.ts"
import "../elements/action-button.ts"
import type { ChoiceField } from "../elements/choice-field.ts"
import "../elements/choice-field.ts"
import "../elements/setting-lines.ts"
import "../elements/state-mark.ts"
import { TextField } from "../elements/text-field.ts"
import "../elements/text-field.ts"
import { perform } from "../features/actions/perform.ts"
import { loaded } from "../features/lists/loaded.ts"
import "../features/setup/test-issue.ts"
import { outward } from "../lib/outward.ts"
import { sentence } from "../lib/sentence.ts"
import { setupAddress } from "../features/setup/address.ts"
import { base as adminBase, navigate } from "../router/navigation.ts"
import { strings } from "../strings/shell.ts"
import { words } from "../strings/setup-page.ts"
import { base } from "../styles/base.ts"
import { fields } from "../styles/fields.ts"
import { page } from "../styles/page.ts"
import { setup as setupStyles } from "../styles/setup.ts"
import { StoredTeamKey } from "../../src/domain/Ids.ts"

const looks = {
  done: { icon: "check", tone: "succeeded" },
  todo: { icon: "box", tone: "waiting" },
  note: { icon: "warning", tone: "neutral" },
  later: { icon: "dashedCircle", tone: "neutral" }
} as const

/** The policy of this page alone lets a form go to GitHub: a document that began elsewhere has another. */
const beganElsewhere = () => {
  const [entry] = performance.getEntriesByType("navigation")
  const { pathname } = new URL(entry?.name ?? location.href)
  return pathname.startsWith(adminBase) && !pathname.startsWith(setupAddress)
}

/** The steps from nothing to the first pull request: what is checked, and what to do about the rest. */
@customElement("setup-page")
export class SetupPage extends LitElement {
  static override readonly styles = [base, fields, page, setupStyles]

  @state() private lines: (SetupLines & { readonly step: SetupStepName }) | undefined
  @state() private refused = ""
  @state() private receiving = false
  @query("#team") private readonly team!: ChoiceField | null
  @query("#repository") private readonly repository!: ChoiceField | null
  @query("#test-team") private readonly testTeam!: ChoiceField | null

  readonly #setup = new Live(this, {
    key: () => "setup",
    load: getSetup,
    on: about("dispatch", "mapping", "pause"),
    spacingMillis: 2000
  })

  override connectedCallback() {
    super.connectedCallback()
    if (beganElsewhere()) location.reload()
    else if (location.pathname === `${setupAddress}/github`) void this.#receive()
  }

  override render() {
    return html`<div class="head">
        <h1>${strings.pages.setup}</h1>
        <div class="end"><action-button .run=${this.#look}>${words.look}</action-button></div>
      </div>
      <p class="intro">${words.intro}</p>
      <p role="status">${this.receiving ? words.receiving : ""}</p>
      ${this.lines === undefined ? nothing : this.#once(this.lines)}
      ${loaded(
        this.#setup,
        (setup) =>
          html`<ol class="steps">
            ${setup.steps.map((step) => this.#step(step, setup))}
          </ol>`
      )}`
  }

  #step({ checks, state, step }: SetupStep, setup: Setup) {
    const { icon, tone } = looks[state]
    return html`<li class=${state} ?aria-current=${state === "todo"}>
      <div class="title">
        <h2>${setupTitles[step]}</h2>
        <state-mark .icon=${icon} .tone=${tone}>${words.state[state]}</state-mark>
      </div>
      <ul class="checks">
        ${checks.map((check) => this.#check(check, state))}
      </ul>
      ${this.#action(step, state, setup)}
    </li>`
  }

  #check({ fix, link, message, state }: SetupCheck, step: SetupStep["state"]) {
    const { icon, tone } = looks[state === "todo" && step === "later" ? "later" : state]
    return html`<li>
      <state-mark .icon=${icon} .tone=${tone}>${sentence(message)}</state-mark>
      ${fix === null ? nothing : html`<p>${sentence(fix)}</p>`}
      ${link === null ? nothing : html`<p>${outward(link.url, link.text)}</p>`}
    </li>`
  }

  #once({ lines, next, step }: SetupLines & { readonly step: SetupStepName }) {
    return html`<section class="once" id="once">
      <h2 tabindex="-1">${step === "linear" ? words.webhookMade : words.received}</h2>
      <p>${words.once}</p>
      <setting-lines .lines=${lines}></setting-lines>
      <div class="buttons">
        ${next === null ? nothing : outward(next.url, next.text)}
        <action-button .run=${this.#dismiss}>${words.dismiss}</action-button>
      </div>
    </section>`
  }

  #action(step: SetupStepName, state: SetupStep["state"], setup: Setup) {
    switch (step) {
      case "reachable":
        return this.#reachable(state, setup)
      case "github-app":
        return state === "done" ? nothing : this.#app()
      case "linear":
        return setup.webhook
          ? html`<div class="act">
              <action-button .run=${this.#createWebhook}>${words.createWebhook}</action-button>
            </div>`
          : nothing
      case "mapping":
        return this.#mapping(setup)
      case "workflows":
        return state === "done" ? nothing : this.#workflows(setup)
      case "test-issue":
        return this.#test(setup)
      case "credential":
      case "installed":
        return nothing
    }
  }

  #reachable(state: SetupStep["state"], { pollingOnly }: Setup) {
    if (state === "done" && !pollingOnly) return nothing
    return html`<div class="act">
      <action-button .run=${() => this.#act(() => setPollingOnly(!pollingOnly))}
        >${pollingOnly ? words.notPollingOnly : words.pollingOnly}</action-button
      >
    </div>`
  }

  #app() {
    return html`<form class="act" @submit=${this.#createApp} novalidate>
      <text-field
        id="organization"
        name="organization"
        .label=${words.organization}
        .hint=${words.organizationHint}
        .wrong=${this.refused}
      ></text-field>
      <button>${words.createApp}</button>
    </form>`
  }

  #mapping({ mappings, pickupLabel, repositories, teams }: Setup) {
    const free = teams.filter(({ key }) => !mappings.some(({ teamKey }) => teamKey === key))
    const unlabelled = mappings.filter(({ labelled }) => !labelled)
    const [team] = free
    const [repository] = repositories
    return html`<div class="act">
      ${unlabelled.map(
        ({ teamKey }) =>
          html`<action-button .run=${() => this.#act(() => createLabel(teamKey), words.labelMade)}
            >${words.createLabel(teamKey, pickupLabel)}</action-button
          >`
      )}
      ${
        team === undefined || repository === undefined
          ? nothing
          : html`<choice-field
                id="team"
                .label=${words.team}
                .value=${team.key}
                .options=${free.map(({ key, name }) => [key, `${key} · ${name}`] as const)}
              ></choice-field>
              <choice-field
                id="repository"
                .label=${words.repository}
                .value=${nameOf(repository)}
                .options=${repositories.map((one) => [nameOf(one), nameOf(one)] as const)}
              ></choice-field>
              <action-button .run=${this.#map}>${words.map}</action-button>`
      }
    </div>`
  }

  #workflows({ mappings }: Setup) {
    return html`<div class="act">
      ${mappings.map(
        ({ teamKey }) =>
          html`<action-button .run=${() => this.#sync(teamKey)}>${words.sync(teamKey)}</action-button>`
      )}
    </div>`
  }

  #test({ mappings, testDispatch, testIssue }: Setup) {
    if (testIssue !== null)
      return html`<test-issue
          class="follow"
          .issue=${testIssue}
          .dispatchId=${testDispatch ?? ""}
        ></test-issue>
        <div class="act">
          <action-button .run=${() => this.#remove(testIssue.identifier)}>${words.remove}</action-button>
        </div>`
    const [first] = mappings
    if (first === undefined) return nothing
    return html`<div class="act">
      <choice-field
        id="test-team"
        .label=${words.team}
        .value=${first.teamKey}
        .options=${mappings.map(({ teamKey }) => [teamKey, teamKey] as const)}
      ></choice-field>
      <action-button .run=${this.#createTestIssue}>${words.createTestIssue}</action-button>
    </div>`
  }

  readonly #look = () => this.#act(() => Promise.resolve())

  /** Runs an action, and shows what it changed. */
  async #act<A>(action: () => Promise<A>, done?: string | ((value: A) => string)) {
    await perform(
      this,
      action,
      done === undefined ? undefined : (value) => (typeof done === "string" ? done : done(value))
    )
    this.#setup.refresh()
  }

  async #receive() {
    const query = new URLSearchParams(location.search)
    // The code is used up by the first call: a reload must not send it again.
    navigate(setupAddress, { replace: true })
    this.receiving = true
    await perform(this, async () => {
      this.#show("github-app", await receiveApp(query.get("code") ?? "", query.get("state") ?? ""))
    })
    this.receiving = false
  }

  #show(step: SetupStepName, lines: SetupLines) {
    this.lines = { ...lines, step }
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>("#once h2")?.focus({ preventScroll: false })
    )
  }

  readonly #dismiss = async () => {
    const { ask } = await import("../features/actions/ask.ts")
    const answer = await ask({
      title: words.dismissTitle,
      body: words.dismissBody,
      action: words.dismiss
    })
    if (answer !== null) this.lines = undefined
  }

  readonly #createApp = async (event: SubmitEvent) => {
    event.preventDefault()
    const field = this.renderRoot.querySelector("#organization")
    const organization = field instanceof TextField ? field.value.trim() : ""
    this.refused = ""
    try {
      const { action, manifest } = await prepareApp({
        organization: organization === "" ? null : organization,
        origin: location.origin
      })
      const form = document.createElement("form")
      form.method = "post"
      form.action = action
      const input = document.createElement("input")
      input.type = "hidden"
      input.name = "manifest"
      input.value = manifest
      form.append(input)
      document.body.append(form)
      form.submit()
    } catch (thrown) {
      this.refused = asFailure(thrown).message
      if (field instanceof TextField) field.focus()
    }
  }

  readonly #createWebhook = async () => {
    await perform(this, async () => this.#show("linear", await createWebhook()))
    this.#setup.refresh()
  }

  readonly #map = async () => {
    const teamKey = this.team?.value ?? ""
    const chosen = this.#setup.value?.repositories.find((one) => nameOf(one) === this.repository?.value)
    if (chosen === undefined) return
    await this.#act(
      async () => {
        const { defaultBranch, owner, repo } = chosen
        await saveMapping({ teamKey: StoredTeamKey.make(teamKey), owner, repo, defaultBranch })
        await createLabel(teamKey)
      },
      words.mapped(teamKey, nameOf(chosen))
    )
  }

  readonly #sync = (teamKey: string) =>
    this.#act(
      () => syncWorkflows(teamKey),
      ({ result }) => words.synced[result]
    )

  readonly #createTestIssue = () =>
    this.#act(
      () => createTestIssue(this.testTeam?.value ?? ""),
      ({ identifier }) => words.testMade(identifier)
    )

  readonly #remove = async (identifier: string) => {
    const { confirm } = await import("../features/actions/ask.ts")
    await confirm(
      this,
      { title: words.removeTitle, body: words.removeBody(identifier), action: words.remove },
      () => removeTestIssue(),
      () => words.removed
    )
    this.#setup.refresh()
  }
}

const nameOf = ({ owner, repo }: { readonly owner: string; readonly repo: string }) => `${owner}/${repo}`

declare global {
  interface HTMLElementTagNameMap {
    "setup-page": SetupPage
  }
}

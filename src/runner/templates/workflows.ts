import type { Phase, Provider } from "../../domain/Modes.ts"
import { workflowInputs } from "../../domain/WorkflowInputs.ts"
import { actions, agentPackage, nodeVersion } from "./actions.ts"

export const reportWorkflow = "ai-implement-report.yml"
export const commentWorkflow = "ai-implement-comment.yml"
export const runnerPath = ".github/ai-implement/runner.mjs"

const notice = `# AI-Implement writes this file and replaces it on a sync. The repository variable AI_IMPLEMENT_RUNS_ON
# (JSON, such as ["self-hosted", "linux"]) selects other runners without a change here.
`

const runsOn = `\${{ fromJSON(vars.AI_IMPLEMENT_RUNS_ON || '"ubuntu-latest"') }}`
const files = "${{ runner.temp }}/ai-implement"

const descriptions: Readonly<Record<string, string>> = {
  issue_id: "Id of the issue",
  issue_identifier: "Identifier of the issue, such as ENG-42",
  issue_title: "Title of the issue",
  issue_description: "Description of the issue; cut where it is too long",
  issue_url: "Address of the issue",
  comments: "Comments of people on the issue, a JSON array",
  pr_number: "Pull request that the run continues",
  provider: "anthropic or bedrock",
  aws_region: "AWS region of Bedrock",
  dispatch_id: "Id of the dispatch",
  branch: "Branch of the change",
  base_branch: "Branch that the pull request merges into",
  callback_url: "Address of the service; empty where it cannot be called",
  session_mode: "autonomous, interactive or hybrid",
  extra_env: "Environment variables of the agent, a JSON object",
  deadline_minutes: "Minutes until the run must have ended",
  max_turns: "Turns that the agent may take",
  max_budget_usd: "US dollars that the agent may cost",
  plan: "Plan that the change carries out",
  plan_feedback: "Feedback on the previous plan",
  previous_plan: "Previous plan"
}

const declaredInputs = (phase: Phase) =>
  workflowInputs[phase]
    .map(
      (name) => `      ${name}:
        description: ${descriptions[name] ?? name.replaceAll("_", " ")}
        type: string
        required: false
`
    )
    .join("")

const setupNode = `      - uses: ${actions.setupNode}
        with:
          node-version: ${nodeVersion}
          package-manager-cache: false
`

const checkoutTrusted = (sparse: boolean) => `      - uses: ${actions.checkout}
        with:
          path: trusted
          persist-credentials: false
${
  sparse
    ? `          sparse-checkout: |
            .github
            docs
`
    : ""
}`

const modelCredentials: Readonly<Record<Provider, string>> = {
  anthropic: `          CLAUDE_CODE_OAUTH_TOKEN: \${{ secrets.CLAUDE_CODE_OAUTH_TOKEN }}
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
`,
  bedrock: `          AWS_BEARER_TOKEN_BEDROCK: \${{ secrets.AWS_BEARER_TOKEN_BEDROCK }}
          AI_IMPLEMENT_AWS_ROLE: \${{ vars.AI_IMPLEMENT_AWS_ROLE }}
`
}

export interface PhaseWorkflow {
  readonly phase: Phase
  /** Of the mappings that dispatch to the file. */
  readonly providers: ReadonlySet<Provider>
  /** Whether runs can call the service. */
  readonly callback: boolean
}

const names = { implementation: "AI-Implement", planning: "AI-Implement plan" } as const

const grant = (permissions: ReadonlyArray<string>) =>
  `    permissions:\n${permissions.map((permission) => `      ${permission}\n`).join("")}`

const publishPermissions = ({ callback, phase }: PhaseWorkflow) => {
  if (callback) return grant(["contents: read", "id-token: write"])
  return grant(phase === "implementation" ? ["contents: write", "pull-requests: write"] : ["contents: read"])
}

const publishSecrets = ({ callback, phase }: PhaseWorkflow) =>
  callback || phase === "planning"
    ? ""
    : `    secrets:
      AI_IMPLEMENT_TOKEN: \${{ secrets.AI_IMPLEMENT_TOKEN }}
`

/** The workflow that a dispatch of one phase starts. */
export const phaseWorkflow = (options: PhaseWorkflow) => {
  const { callback, phase, providers } = options
  const credentials = (["bedrock", "anthropic"] as const).filter((provider) => providers.has(provider))
  return `${notice}name: ${names[phase]}
run-name: \${{ inputs.issue_identifier }} \${{ inputs.dispatch_id }}

on:
  workflow_dispatch:
    inputs:
${declaredInputs(phase)}
permissions: {}

concurrency:
  group: ai-implement-\${{ inputs.issue_id }}
  cancel-in-progress: false

jobs:
  begin:
${grant(callback ? ["contents: read", "id-token: write"] : ["contents: read"])}    uses: ./.github/workflows/${reportWorkflow}
    with:
      stage: begin
      phase: ${phase}
      inputs: \${{ toJSON(inputs) }}

  agent:
    needs: begin
    if: needs.begin.outputs.claimed == 'true'
    runs-on: ${runsOn}
    timeout-minutes: 350
${grant(providers.has("bedrock") ? ["contents: read", "id-token: write"] : ["contents: read"])}    steps:
${checkoutTrusted(false)}      - uses: ${actions.checkout}
        with:
          path: work
          ref: \${{ needs.begin.outputs.work_ref }}
          fetch-depth: 0
          persist-credentials: false
${setupNode}      - uses: ${actions.downloadArtifact}
        with:
          name: ai-implement-context
          path: ${files}/context
      - name: Install the agent
        run: npm install --global --no-audit --no-fund ${agentPackage}
      - name: Run the agent
        run: node trusted/${runnerPath} agent
        env:
          AI_IMPLEMENT_PHASE: ${phase}
          AI_IMPLEMENT_INPUTS: \${{ toJSON(inputs) }}
          AI_IMPLEMENT_QUESTIONS_TOKEN: \${{ needs.begin.outputs.questions_token }}
${credentials.map((provider) => modelCredentials[provider]).join("")}      - if: always()
        uses: ${actions.uploadArtifact}
        with:
          name: ai-implement-result
          path: ${files}/result
          if-no-files-found: ignore
          overwrite: true
          retention-days: 7

  publish:
    needs: [begin, agent]
    if: always() && needs.begin.outputs.claimed == 'true'
${publishPermissions(options)}    uses: ./.github/workflows/${reportWorkflow}
    with:
      stage: publish
      phase: ${phase}
      inputs: \${{ toJSON(inputs) }}
      agent_result: \${{ needs.agent.result }}
${publishSecrets(options)}`
}

/** The reusable workflow whose jobs alone may call the service. */
export const report = ({ callback }: { readonly callback: boolean }) => `${notice}name: AI-Implement report

on:
  workflow_call:
    inputs:
      stage:
        description: begin or publish
        type: string
        required: true
      phase:
        description: implementation or planning
        type: string
        required: true
      inputs:
        description: Inputs of the dispatch, a JSON object
        type: string
        required: true
      agent_result:
        description: How the job of the agent ended
        type: string
        required: false
${
  callback
    ? ""
    : `    secrets:
      AI_IMPLEMENT_TOKEN:
        description: Pushes the branch and opens the pull request, so that its checks start
        required: false
`
}    outputs:
      claimed:
        description: Whether this run is the one that does the work
        value: \${{ jobs.report.outputs.claimed }}
      work_ref:
        description: Commit or ref that the agent begins with
        value: \${{ jobs.report.outputs.work_ref }}
      questions_token:
        description: Asks questions of this dispatch, and nothing else
        value: \${{ jobs.report.outputs.questions_token }}

jobs:
  report:
    name: \${{ inputs.stage }}
    runs-on: ${runsOn}
    timeout-minutes: 30
    outputs:
      claimed: \${{ steps.program.outputs.claimed }}
      work_ref: \${{ steps.program.outputs.work_ref }}
      questions_token: \${{ steps.program.outputs.questions_token }}
    steps:
${checkoutTrusted(true)}${setupNode}      - if: inputs.stage == 'publish'
        continue-on-error: true
        uses: ${actions.downloadArtifact}
        with:
          name: ai-implement-result
          path: ${files}/result
      - id: program
        run: node trusted/${runnerPath} "$AI_IMPLEMENT_STAGE"
        env:
          AI_IMPLEMENT_STAGE: \${{ inputs.stage }}
          AI_IMPLEMENT_PHASE: \${{ inputs.phase }}
          AI_IMPLEMENT_INPUTS: \${{ inputs.inputs }}
          AI_IMPLEMENT_AGENT_RESULT: \${{ inputs.agent_result }}
${callback ? "" : `          AI_IMPLEMENT_REPOSITORY_TOKEN: \${{ secrets.AI_IMPLEMENT_TOKEN || github.token }}\n`}      - if: inputs.stage == 'begin' && steps.program.outputs.claimed == 'true'
        uses: ${actions.uploadArtifact}
        with:
          name: ai-implement-context
          path: ${files}/context
          if-no-files-found: error
          overwrite: true
          retention-days: 1
      - if: always() && inputs.stage == 'publish'
        uses: ${actions.uploadArtifact}
        with:
          name: ai-implement-report
          path: ${files}/report
          if-no-files-found: ignore
          overwrite: true
          retention-days: 7
`

/** Forwards \`/ai-implement\` comments where the code host sends no webhooks. `url` is the service's. */
export const comment = (url: string) => `${notice}name: AI-Implement comment

on:
  issue_comment:
    types: [created]

permissions: {}

jobs:
  comment:
    if: github.event.issue.pull_request && startsWith(github.event.comment.body, '/ai-implement')
    runs-on: ${runsOn}
    timeout-minutes: 10
    permissions:
      contents: read
      id-token: write
    steps:
${checkoutTrusted(true)}${setupNode}      - run: node trusted/${runnerPath} comment
        env:
          AI_IMPLEMENT_URL: ${JSON.stringify(url)}
`

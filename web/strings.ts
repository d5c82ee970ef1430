import type { DispatchStatus, OutcomeKind } from "../src/domain/DispatchStatus.ts"
import type { FieldIssue, MappingFields } from "../src/domain/Mapping.ts"
import type { ExecutionMode, Phase, Provider, RunnerMode, SessionMode, Trigger } from "../src/domain/Modes.ts"
import type { OutcomeReason } from "../src/domain/Outcome.ts"
import type { Overview } from "../src/domain/Overview.ts"
import type { ReasonTag, Upstream } from "../src/domain/Reason.ts"

const status: Record<DispatchStatus, string> = {
  reserved: "Reserved",
  launching: "Launching",
  uncertain: "Uncertain",
  running: "Running",
  stopping: "Stopping",
  succeeded: "Succeeded",
  failed: "Failed",
  timed_out: "Timed out",
  cancelled: "Cancelled"
}

const outcomeKind: Record<OutcomeKind, string> = {
  delivered: "Delivered",
  failed: "Failed",
  lost: "Lost",
  timed_out: "Timed out",
  cancelled: "Cancelled"
}

const outcomeReason: Record<OutcomeReason, string> = {
  pull_request: "pull request",
  no_pull_request: "no pull request",
  verification_failed: "verification failed",
  no_change: "nothing to change",
  run_failed: "run failed",
  run_cancelled: "run cancelled outside",
  run_vanished: "run vanished",
  launch_refused: "launch refused",
  launch_unconfirmed: "launch not confirmed",
  upstream_down: "upstream down",
  never_started: "never started",
  deadline: "deadline",
  stop_not_confirmed: "stop not confirmed",
  operator: "by an operator",
  issue_canceled: "issue canceled",
  issue_deleted: "issue deleted",
  pickup_label_removed: "label removed"
}

const reason: Record<ReasonTag, string> = {
  globally_paused: "All dispatching is paused",
  no_mapping: "No mapping",
  paused: "Mapping paused",
  running: "Running",
  settling: "Settling",
  labelled_elsewhere: "Labelled by someone else",
  ready_for_review: "Ready for review",
  open_pull_request: "Open pull request",
  blocked: "Blocked",
  parked: "Parked",
  waiting_approval: "Waiting for approval",
  dedup: "Dispatched recently",
  backing_off: "Backing off",
  not_configured: "Not configured",
  provider_unsupported: "Provider unsupported",
  repository_not_ready: "Repository not ready",
  budget_low: "Request budget low",
  upstream_down: "Upstream down",
  rate_brake: "Hourly brake",
  team_at_capacity: "Team at capacity",
  lost_race: "Lost a race"
}

const upstream: Record<Upstream, string> = { linear: "Linear", github: "GitHub", fly: "Fly" }

const phase: Record<Phase, string> = { planning: "Planning", implementation: "Implementation" }

const executionMode: Record<ExecutionMode, string> = {
  "github-actions": "GitHub Actions",
  "fly-machines": "Fly Machines"
}

const sessionMode: Record<SessionMode, string> = {
  autonomous: "Autonomous",
  interactive: "Interactive",
  hybrid: "Hybrid"
}

const provider: Record<Provider, string> = { anthropic: "Anthropic", bedrock: "Amazon Bedrock" }

const runnerMode: Record<RunnerMode, string> = {
  default: "Each mapping decides",
  gha: "GitHub Actions for all",
  fly: "Fly Machines for all"
}

const trigger: Record<Trigger, string> = {
  poll: "Poller",
  manual: "Dispatch now",
  retry: "Retry",
  comment: "Comment"
}

const source: Record<Overview["settings"][number]["source"], string> = {
  env: "environment",
  db: "stored here",
  default: "default"
}

const pollerState: Record<Overview["poller"]["state"], string> = {
  idle: "Poller idle",
  running: "Pass running",
  off: "Poller off",
  stuck: "Poller stuck"
}

const upstreamState: Record<Overview["upstreams"][number]["state"], string> = {
  ok: "Reachable",
  degraded: "Degraded",
  down: "Down",
  off: "Not configured"
}

const plural = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`

const field: Record<keyof MappingFields | "teamKey", string> = {
  teamKey: "Linear team key",
  owner: "Owner",
  repo: "Repository",
  workflowFile: "Workflow file",
  defaultBranch: "Default branch",
  maxInProgressAiIssues: "Issues at once",
  executionMode: "Runs on",
  sessionMode: "Session",
  machineCpus: "CPUs",
  machineMemoryMb: "Memory, MB",
  planningEnabled: "Plan before implementing",
  planningWorkflowFile: "Planning workflow file",
  autoApprovePlans: "Approve plans automatically",
  provider: "Model provider",
  awsRegion: "AWS region",
  extraEnv: "Extra environment",
  deadlineMinutes: "Deadline, minutes",
  paused: "Paused"
}

/** Every English word of the admin. */
export const strings = {
  product: "AI-Implement",
  status,
  outcomeKind,
  outcomeReason,
  reason,
  upstream,
  phase,
  executionMode,
  sessionMode,
  provider,
  runnerMode,
  trigger,
  source,
  pollerState,
  upstreamState,
  field,
  plural,

  pages: {
    overview: "Overview",
    signIn: "Sign in",
    issues: "Issues",
    dispatches: "Dispatches",
    dispatch: "Dispatch",
    mappings: "Mappings",
    newMapping: "New mapping",
    mapping: "Mapping",
    dedup: "Dedup",
    settings: "Settings",
    notFound: "Not found"
  },

  failure: {
    unreachable: "The service does not answer. What is shown may be out of date; trying again by itself.",
    status: (code: number) => `The service answered with an error (${code}). Trying again by itself.`,
    outdated: "The service answered in a form this page does not know. Reload the page."
  },

  shell: {
    skip: "Skip to content",
    pages: "Pages",
    signedInAs: (name: string) => `Signed in as ${name}`,
    signedIn: "Signed in",
    signOut: "Sign out",
    keys: "Keys",
    theme: "Theme",
    themes: { system: "System theme", light: "Light", dark: "Dark" },
    search: "Find an issue or dispatch",
    reconnecting: "Reconnecting",
    pausedAll: "All dispatching is paused",
    pausedBy: (by: string) => `by ${by}`,
    resume: "Resume",
    notFound: "There is no page at this address.",
    toOverview: "Go to the overview",
    loadFailed: "This page could not be loaded. The service may just have been updated.",
    retry: "Try again",
    reload: "Reload"
  },

  keys: {
    title: "Keys",
    close: "Close",
    search: "Search",
    show: "Show this list",
    goTo: (page: string) => `Go to ${page.toLowerCase()}`
  },

  signIn: {
    code: "Access code",
    codeHint: "The value of ADMIN_ACCESS_CODE of the service.",
    name: "Your name",
    nameHint: "Optional. Stands in the audit beside what you change.",
    submit: "Sign in",
    ended: {
      expired: "Your session has expired after 24 hours. Sign in again.",
      refused: "The service no longer accepts your session. Sign in again.",
      left: "You are signed out."
    },
    locked: "Try again",
    codeMissing: "Enter the access code."
  },

  table: {
    actions: "Actions",
    more: (count: number) => `Show ${count} more`,
    shown: (shown: number, all: number) => `${shown} of ${all} shown`
  },

  states: {
    loading: "Loading",
    retry: "Try again",
    failed: "This could not be loaded"
  },

  confirm: { keep: "Go back" },

  copy: { copied: "Copied" },

  overview: {
    running: "Running now",
    nothingRuns: "Nothing is running.",
    capacity: "Capacity by team",
    noTeams: "No team is mapped to a repository yet.",
    addMapping: "Add a mapping",
    slots: (used: number, cap: number) => `${used} of ${cap} slots used`,
    waitingIssues: (count: number) => `${count} waiting`,
    teamPaused: "paused",
    waiting: "Waiting, by reason",
    nothingWaits: "No issue waits.",
    outcomes: "Outcomes, 24 hours",
    noOutcomes: "No dispatch has ended in the last 24 hours.",
    poller: "Poller",
    lastPass: "Last pass",
    nextPass: "Next pass",
    took: "took",
    found: (candidates: number, dispatched: number) =>
      `${plural(candidates, "candidate")}, ${dispatched} dispatched`,
    passFailed: "The last pass failed",
    neverPassed: "No pass yet",
    lastGood: "Last good pass",
    holder: "Runs on",
    upstreams: "Upstreams",
    budget: (kind: string, remaining: string, limit: string) => `${kind}: ${remaining} of ${limit} left`,
    resets: "resets",
    setup: "To be set up",
    setupIntro: "Set these in the environment of the service and restart it.",
    neededFor: (what: string) => `needed for ${what}`,
    pollNow: "Poll now",
    polled: "A pass was asked for.",
    pause: "Pause all",
    resume: "Resume all",
    pauseTitle: "Pause all dispatching?",
    pauseBody:
      "No new dispatch starts for any team until someone resumes. What already runs goes on and is followed to its end.",
    pauseReason: "Reason (optional)",
    paused: "All dispatching is paused.",
    resumed: "Dispatching goes on.",
    version: (version: string) => `Version ${version}`,
    up: "up for",
    since: "since"
  },

  issues: {
    empty: "No candidate",
    emptyHint: (label: string) =>
      `Put the label ${label} on an open Linear issue of a mapped team; it appears here with the next pass.`,
    noneMatch: "No issue matches the filters",
    clear: "Clear filters",
    search: "Search issues",
    allTeams: "All teams",
    allReasons: "All decisions",
    willDispatch: "Dispatch",
    count: (shown: number, all: number) => (shown === all ? plural(all, "issue") : `${shown} of ${all} issues`),
    columns: {
      issue: "Issue",
      title: "Title",
      team: "Team",
      priority: "Priority",
      state: "State",
      why: "Decision",
      since: "Since"
    },
    priority: ["No priority", "Urgent", "High", "Medium", "Low"],
    dispatching: "Dispatching",
    dispatchNow: "Dispatch now",
    dispatched: (identifier: string) => `${identifier} is dispatched.`,
    unpark: "Un-park",
    unparked: (identifier: string) => `${identifier} is no longer parked; the next pass considers it.`,
    reset: "Clear label",
    resetTitle: (identifier: string) => `Clear the labels and memory of ${identifier}?`,
    resetBody: (label: string) =>
      `${label} is taken off the issue in Linear, and its dedup entry, backoff and failures are forgotten. A run started elsewhere is not stopped.`,
    resetDone: (identifier: string) => `${identifier} is cleared; the next pass considers it.`,
    forget: "Remove from dedup",
    forgotten: (identifier: string) => `${identifier} is no longer held back by dedup.`
  },

  reasonDetail: {
    globally_paused: "until someone resumes",
    no_mapping: (team: string) => `team ${team} has no repository`,
    addMapping: "Add a mapping",
    paused: "by its own switch",
    toMapping: "Open the mapping",
    settling: (pending: string) => `still to do: ${pending}`,
    settlingNothing: "finishing",
    labelled_elsewhere: (label: string) => `wears ${label} without a dispatch of ours`,
    ready_for_review: "remove the label to have it implemented again",
    blockedBy: "by",
    andMore: "and more",
    parked: (failures: number) => `after ${plural(failures, "failure")}`,
    approveBy: "put Plan-Approved on the issue, since",
    ignoredLabel: "a Plan-Approved older than the plan does not count",
    plan: "Plan",
    until: "until",
    since: "since",
    failures: (count: number) => plural(count, "failure"),
    missing: "set",
    provider_unsupported: (who: string, where: string) => `${who} does not run on ${where}`,
    rate_brake: "dispatches per hour are bounded",
    capacity: (used: number, cap: number) => `${used} of ${cap} slots used`,
    lost_race: "another dispatch was faster; the next pass looks again"
  },

  dispatches: {
    empty: "No dispatch yet",
    emptyHint: "A dispatch is made when an issue with the pickup label is ready and its team has a free slot.",
    toIssues: "See what waits",
    noneMatch: "No dispatch matches the filters",
    clear: "Clear filters",
    search: "Search issue, title, repository",
    allTeams: "All teams",
    allStatuses: "All statuses",
    live: "Live",
    count: (shown: number, all: number) =>
      shown === all ? plural(all, "dispatch", "dispatches") : `${shown} of ${all} dispatches`,
    last: "the last 500",
    columns: {
      status: "Status",
      issue: "Issue",
      title: "Title",
      repository: "Repository",
      phase: "Phase",
      attempt: "Attempt",
      mode: "Mode",
      started: "Started",
      duration: "Duration",
      outcome: "Outcome",
      links: "Links"
    },
    run: "Run",
    pullRequest: (number: number) => `PR #${number}`,
    pullRequestState: { open: "open", closed: "closed", merged: "merged" },
    draft: "draft",
    cancel: "Cancel",
    cancelTitle: (identifier: string) => `Cancel the dispatch of ${identifier}?`,
    cancelBody: (repository: string) =>
      `The run in ${repository} is asked to stop; when it has ended, its labels are taken off the issue. A pull request that already exists stays.`,
    cancelDo: "Cancel the dispatch",
    cancelled: (identifier: string) => `${identifier} is asked to stop.`,
    retry: "Retry",
    retryTitle: (identifier: string) => `Dispatch ${identifier} again?`,
    retryBody: (phase: string) =>
      `A new dispatch of the same phase (${phase.toLowerCase()}) starts now. Dedup, backoff and parking of the issue are cleared.`,
    retryDo: "Dispatch again",
    retried: (identifier: string) => `${identifier} is dispatched again.`,
    stopAsked: "stop asked for"
  },

  dispatch: {
    facts: "Facts",
    timeline: "Timeline",
    events: "Events",
    issue: "Issue",
    repository: "Repository",
    branch: "Branch",
    ref: "From",
    phase: "Phase",
    attempt: "Attempt",
    trigger: "Started by",
    runsOn: "Runs on",
    session: "Session",
    provider: "Provider",
    workflow: "Workflow",
    run: "Run",
    machine: "Machine",
    pullRequest: "Pull request",
    none: "none yet",
    reserved: "Reserved",
    deadline: "Deadline",
    cost: "Cost",
    tokens: (count: string) => `${count} tokens`,
    id: "Dispatch id",
    pending: "Still to do",
    pendingLine: (attempts: number) => `tried ${plural(attempts, "time")}, next`,
    effects: { labels: "Labels and state in Linear", comment: "Comment in Linear", parked_comment: "Comment about parking" },
    waitingForAnswer: "Waits for an answer to a question.",
    stages: { reserved: "Reserved", launch: "Launch", run: "Run", settle: "Settle" },
    stage: (name: string, duration: string) => `${name}: ${duration}`,
    now: "now",
    noEvents: "No event yet.",
    openRun: "Open the run",
    by: (actor: string) => `by ${actor}`
  },

  mappings: {
    empty: "No mapping yet",
    emptyHint: "A mapping sends the issues of one Linear team to one GitHub repository.",
    add: "New mapping",
    search: "Search mappings",
    columns: {
      team: "Team",
      repository: "Repository",
      branch: "Branch",
      cap: "At once",
      mode: "Runs on",
      provider: "Provider",
      planning: "Planning",
      state: "State",
      updated: "Changed"
    },
    active: "Active",
    paused: "Paused",
    planning: { off: "Off", auto: "Automatic", approved: "Approved by a person" },
    pause: "Pause",
    resume: "Resume",
    pausedDone: (team: string) => `${team} is paused; what runs goes on.`,
    resumedDone: (team: string) => `${team} is dispatched again.`,
    edit: "Edit",
    delete: "Delete",
    deleteTitle: (team: string) => `Delete the mapping of ${team}?`,
    deleteBody: (repository: string) =>
      `Issues of the team are no longer dispatched to ${repository}. What already runs is followed to its end, and the log stays.`,
    deleted: (team: string, live: number) =>
      live === 0
        ? `The mapping of ${team} is deleted.`
        : `The mapping of ${team} is deleted; ${plural(live, "dispatch", "dispatches")} of it still run.`
  },

  mapping: {
    titleNew: "New mapping",
    titleEdit: (team: string) => `Mapping of ${team}`,
    groups: {
      repository: "Repository",
      capacity: "Capacity",
      execution: "Execution",
      planning: "Planning",
      provider: "Provider",
      environment: "Extra environment"
    },
    hints: {
      teamKey: "The letters before the number of an issue: ENG in ENG-42.",
      workflowFile: "In .github/workflows of the repository.",
      maxInProgressAiIssues: "How many issues of the team may run at the same time.",
      deadlineMinutes: "A run that takes longer is stopped.",
      sessionMode: "Interactive and hybrid sessions may ask questions; they need PUBLIC_URL.",
      autoApprovePlans: "Otherwise a person puts Plan-Approved on the issue.",
      awsRegion: "Where Bedrock is called.",
      paused: "No new dispatch starts for this team."
    },
    defaultIs: (value: string) => `Default: ${value}.`,
    envName: "Name",
    envValue: "Value",
    envAdd: "Add a variable",
    envRemove: (name: string) => `Remove ${name === "" ? "this variable" : name}`,
    envHint: "Given to every run of this team. For secrets use the secret store instead.",
    envShow: "Show values",
    envTwice: "is set twice",
    save: "Save",
    create: "Create mapping",
    saved: (team: string) => `The mapping of ${team} is saved.`,
    exists: "There is already a mapping for this team.",
    discard: "Discard changes",
    missing: (team: string) => `There is no mapping for ${team}.`,
    toList: "All mappings",
    required: "is required",
    number: "must be a whole number",
    summary: (issues: ReadonlyArray<FieldIssue>) =>
      `${plural(issues.length, "field")} ${issues.length === 1 ? "is" : "are"} not right yet.`
  },

  dedup: {
    intro: "For 24 hours after an implementation was dispatched the poller does not dispatch the issue again.",
    empty: "No issue is held back",
    emptyHint: "An issue appears here when its implementation is dispatched, and leaves after 24 hours.",
    columns: { issue: "Issue", title: "Title", dispatched: "Dispatched", left: "Ends" },
    remove: "Remove",
    removeTitle: (identifier: string) => `Let ${identifier} be dispatched again?`,
    removeBody:
      "The entry is removed, and the next pass may dispatch the issue again if nothing else holds it back.",
    removed: (identifier: string) => `${identifier} may be dispatched again.`
  },

  settings: {
    runnerMode: "Runner mode",
    runnerModeHint: "Where implementations run, for all mappings. Touches only later dispatches.",
    overridden: (stored: string) =>
      `RUNNER_MODE is set in the environment and wins. Stored here: ${stored}. It takes effect when the variable is removed.`,
    nothingStored: "nothing",
    from: (where: string) => `in effect from: ${where}`,
    save: "Save",
    saved: "Saved.",
    fly: "Fly Machines",
    flySessionsApp: "App for sessions",
    flySessionsRegion: "Region",
    envWins: (value: string) => `The environment sets ${value} and wins over what is stored here.`,
    runtime: (value: string) => `In use now: ${value}.`,
    nothing: "nothing",
    restart: "Restart the service to use the stored value.",
    effective: "Effective settings",
    columns: { name: "Setting", value: "Value", source: "From" }
  },

  time: {
    now: "just now",
    ago: (text: string) => `${text} ago`,
    ahead: (text: string) => `in ${text}`
  }
} as const

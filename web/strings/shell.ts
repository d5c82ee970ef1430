import type { Overview } from "../../src/domain/Overview.ts"

const pollerState: Record<Overview["poller"]["state"], string> = {
  idle: "Poller idle",
  running: "Pass running",
  off: "Poller off",
  stuck: "Poller stuck"
}

const number = new Intl.NumberFormat("en")

export const strings = {
  product: "AI-Implement",
  pollerState,
  nextPass: "next",

  pages: {
    overview: "Overview",
    inbox: "Needs you",
    signIn: "Sign in",
    issues: "Issues",
    dispatches: "Dispatches",
    dispatch: "Dispatch",
    mappings: "Mappings",
    newMapping: "New mapping",
    mapping: "Mapping",
    sessions: "Sessions",
    dedup: "Dedup",
    secrets: "Secrets",
    settings: "Settings",
    setup: "Set-up",
    audit: "Audit",
    docs: "API",
    notFound: "Not found"
  },

  failure: {
    unreachable: "The service does not answer. This may be out of date.",
    status: (code: number) => `The service answered with an error (${code}).`,
    notLoaded: "Nothing was done. Reload this page.",
    outdated: "The service has another version. Reload this page.",
    unexpected: "This page failed. Reload it."
  },

  shell: {
    skip: "Skip to content",
    pages: "Pages",
    signedInAs: (name: string) => `Signed in as ${name}`,
    signedIn: "Signed in",
    account: "You",
    signOut: "Sign out",
    keys: "Keys",
    theme: "Theme",
    themes: { system: "System theme", light: "Light theme", dark: "Dark theme" },
    menu: "Menu",
    search: "Find an issue or dispatch",
    reconnecting: "Reconnecting",
    pausedAll: ({ by, reason }: NonNullable<Overview["paused"]>) =>
      ["All dispatching is paused" + (by === null ? "" : ` by ${by}`), reason ?? ""]
        .filter(Boolean)
        .join(": "),
    resume: "Resume",
    notFound: "No page is at this address.",
    toOverview: "Go to the overview",
    loadFailed: "This page could not be loaded.",
    retry: "Try again",
    reload: "Reload"
  },

  keys: {
    title: "Keys",
    close: "Close",
    search: "Search",
    show: "Show this list",
    goTo: (page: string) => `Go to ${page}`
  },

  table: {
    actions: "Actions",
    previous: "Previous",
    next: "Next",
    shown: (first: number, last: number, all: number) =>
      `${number.format(first)}–${number.format(last)} of ${number.format(all)}`
  },

  states: {
    loading: "Loading",
    retry: "Try again",
    failed: "This could not be loaded"
  },

  confirm: { keep: "Go back", required: "Enter a reason." },

  time: {
    now: "just now",
    due: "due",
    ago: (text: string) => `${text} ago`,
    ahead: (text: string) => `in ${text}`
  }
} as const

import { plural } from "./plural.ts"

export const words = {
  title: "Readiness of the repository",
  ready: "Ready",
  notReady: "Not ready: nothing is dispatched until this is fixed",
  look: "Check again",
  checked: "Checked",
  template: {
    missing: () => "is missing",
    current: (_: string, current: string) => `is current (${current})`,
    older: (installed: string, current: string) =>
      installed === current
        ? `is from other settings of the mapping (${current})`
        : `is from version ${installed}; the current version is ${current}`,
    modified: () => "was changed by someone; a sync proposes to replace it",
    foreign: () => "was not written by AI-Implement; a sync leaves it alone",
    seeded: () => "is there; people edit it"
  },
  sync: "Sync workflows",
  synced: {
    "up-to-date": "The files are up to date.",
    "pr-opened": "A pull request was opened.",
    "pr-updated": "The pull request was updated."
  },
  proposes: (count: number) => `It proposes ${plural(count, "file")}.`,
  openAlready: "The open pull request already proposes the files.",
  pullRequest: (number: number) => `Pull request #${number}`,
  leftAlone: (path: string, workflowFile: string | null) =>
    workflowFile === null
      ? `${path} was not written by AI-Implement, so it stays. Rename it to let a sync add ours.`
      : `${path} was not written by AI-Implement, so it stays. Set another workflow file in the mapping, such as ${workflowFile}, and sync again.`
} as const

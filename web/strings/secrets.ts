export const words = {
  missing: "There is no such team",
  scopes: "Whose secrets",
  global: "Every team",
  introGlobal:
    "Stored by Fly and given to the machines of every team as variables, if they were set here. A value is never shown again.",
  introTeam: (team: string) =>
    `Stored by Fly under ${team}_ and their name, and given to the machines of ${team} without that prefix. A value is never shown again.`,
  name: "Name",
  nameHint: "Letters, digits and underscores.",
  value: "Value",
  save: "Set secret",
  replaceHint: "It is set already; the new value replaces the old one for later machines.",
  valueGone: "The value was cleared when your session ended. Enter it again.",
  saved: (name: string, warning: string | undefined) =>
    warning === undefined ? `${name} is set.` : `${name} is set. ${warning}`,
  empty: "No secret is set",
  emptyHint: "Set the first one above, such as the key of the model provider.",
  columns: { name: "Name", updated: "Set", managed: "Given to machines", digest: "Digest" },
  managed: "Yes",
  unmanaged: "No, not set here",
  replace: "Replace",
  delete: "Delete",
  deleteTitle: (name: string) => `Delete ${name}?`,
  deleteBody: (name: string, whose: string) =>
    `${name} of ${whose} is deleted at Fly. Machines that run keep it; later ones do not get it.`,
  deleted: (name: string) => `${name} is deleted.`
} as const

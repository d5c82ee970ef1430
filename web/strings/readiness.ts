export const words = {
  title: "Readiness of the repository",
  ready: "Ready",
  notReady: "Not ready: nothing is dispatched until this is fixed",
  look: "Check again",
  checked: "Checked",
  notInstalled: (current: string) => `is not from our template; the current one is ${current}`,
  template: (installed: string, current: string) =>
    installed === current
      ? `is our template ${current}`
      : `is our template ${installed}; the current one is ${current}`
} as const

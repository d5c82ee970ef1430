export const themes = ["system", "light", "dark"] as const
export type Theme = (typeof themes)[number]

const key = "ai-implement.theme"

export const currentTheme = (): Theme =>
  themes.find((theme) => theme === localStorage.getItem(key)) ?? "system"

/** Follows the system unless light or dark was chosen in this browser. */
export const applyTheme = (theme: Theme) => {
  localStorage.setItem(key, theme)
  if (theme === "system") delete document.documentElement.dataset["theme"]
  else document.documentElement.dataset["theme"] = theme
}

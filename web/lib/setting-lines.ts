export interface SettingLine {
  readonly name: string
  readonly value: string
}

const oneLine = (value: string) => value.replaceAll("\n", "\\n")

const quoted = (value: string) => `'${oneLine(value).replaceAll("'", "'\\''")}'`

/** The same settings for each way to run the service; a line feed is written as \n, which it understands. */
export const settingLines = {
  env: (lines: ReadonlyArray<SettingLine>) =>
    lines.map(({ name, value }) => `${name}="${oneLine(value)}"`).join("\n"),
  fly: (lines: ReadonlyArray<SettingLine>) =>
    ["fly secrets set", ...lines.map(({ name, value }) => `${name}=${quoted(value)}`)].join(" \\\n  "),
  docker: (lines: ReadonlyArray<SettingLine>) =>
    lines.map(({ name, value }) => `-e ${name}=${quoted(value)}`).join(" \\\n")
} as const

import { readFileSync } from "node:fs"
import type { Plugin } from "vite"

/** GitHub's language service imports JSON without an attribute, which Node refuses: vite loads it instead. */
export const inlineActions = {
  plugins: [
    {
      name: "language-service-without-source-maps",
      enforce: "pre",
      load: (id) =>
        /\/node_modules\/@actions\/.*\.js$/.test(id)
          ? readFileSync(id, "utf8").replace(/^\/\/# sourceMappingURL=.*$/m, "")
          : null
    }
  ] satisfies ReadonlyArray<Plugin>,
  deps: { inline: [/@actions\//] }
}

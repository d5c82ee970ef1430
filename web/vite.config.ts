import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"
import { defineConfig, type Plugin } from "vite"

const collapseCss: Plugin = {
  name: "collapse-css",
  enforce: "pre",
  apply: "build",
  transform: {
    filter: { id: /\/web\/.*\.ts$/ },
    handler: (code) =>
      code.replace(/css`[^`]*`/g, (styles) =>
        styles
          .replace(/\s+/g, " ")
          .replace(/ ?([{};]) ?/g, "$1")
          .replace(/([:,]) /g, "$1")
          .replace(/;}/g, "}")
          .replace(/\b0(\.\d)/g, "$1")
      )
  }
}

const collapseHtml: Plugin = {
  name: "collapse-html",
  enforce: "pre",
  apply: "build",
  transform: {
    filter: { id: /\/web\/.*\.ts$/ },
    handler: (code) =>
      code
        .replace(/\n\s+(?=>)/g, "")
        .replace(/([>}])\n\s+(?=<|\$\{)/g, "$1 ")
        .replace(/\n\s+(?=[.@?]?[\w-]+=(?:\$\{|"))/g, " ")
  }
}

const dropDescriptions: Plugin = {
  name: "drop-descriptions",
  enforce: "pre",
  apply: "build",
  transform: {
    filter: { id: /\/src\/(api|domain)\/.*\.ts$/ },
    handler: (code) =>
      code.replace(/\.annotate\(\s*OpenApi\.Description,\s*(?:"(?:[^"\\]|\\.)*"|`[^`$]*`)\s*\)/g, "")
  }
}

const compressed = /\.(js|css|svg)$/

const compressFiles: Plugin = {
  name: "compress-files",
  apply: "build",
  async writeBundle({ dir = "" }, bundle) {
    for (const name of Object.keys(bundle).filter((name) => compressed.test(name))) {
      const file = await readFile(join(dir, name))
      const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
      await writeFile(join(dir, `${name}.br`), brotliCompressSync(file, best))
      await writeFile(join(dir, `${name}.gz`), gzipSync(file, { level: 9 }))
    }
  }
}

export default defineConfig({
  base: "/admin/",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2024",
    minify: "terser",
    terserOptions: {
      module: true,
      compress: { passes: 3, ecma: 2020, pure_getters: true }
    },
    modulePreload: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "core", tags: ["$initial"] },
            {
              name: "overview",
              test: /\/web\/(pages\/overview-page|features\/overview\/)/,
              includeDependenciesRecursively: true,
              minSize: 0
            }
          ]
        }
      }
    }
  },
  plugins: [collapseCss, collapseHtml, dropDescriptions, compressFiles]
})

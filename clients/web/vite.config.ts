import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Each text file's compressed forms beside it, for the gateway to send. */
function precompressed(): Plugin {
  return {
    name: "precompressed",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (!/\.(js|css|html|svg|webmanifest)$/.test(file.fileName)) continue;
        const bytes = Buffer.from(
          file.type === "chunk" ? file.code : file.source,
        );
        const forms = {
          br: brotliCompressSync(bytes, {
            params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
          }),
          gz: gzipSync(bytes, { level: 9 }),
        };
        for (const [ending, source] of Object.entries(forms))
          this.emitFile({
            type: "asset",
            fileName: `${file.fileName}.${ending}`,
            source,
          });
      }
    },
  };
}

export default defineConfig({
  build: {
    outDir: "../../build/web",
    emptyOutDir: true,
    target: ["chrome123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0, // the page's policy allows no data: addresses
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: "index.html", sw: "worker/sw.ts" },
      output: {
        // a service worker keeps its address
        entryFileNames: ({ name }) =>
          name === "sw" ? "sw.js" : "assets/[name]-[hash].js",
      },
    },
  },
  plugins: [precompressed()],
});

import { defineConfig } from "vite";

/** One script that a test can put into a page. Nothing of it is part of the library or of the page. */
export default defineConfig({
  root: import.meta.dirname,
  build: {
    outDir: "../dist-conformance",
    emptyOutDir: true,
    target: "es2022",
    lib: {
      entry: "official-grpc-web.ts",
      formats: ["iife"],
      name: "conformance",
      fileName: () => "official-grpc-web.js",
    },
  },
});

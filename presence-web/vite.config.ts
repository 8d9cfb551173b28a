import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the servers. */
const servers = process.env["PRESENCE_ORIGIN"] ?? "http://localhost:8080";
const proxied = { target: servers, secure: false };

/** The page. Its files are served from wherever they lie, so their addresses are relative. */
export default defineConfig({
  root: "page",
  base: "./",
  resolve: {
    alias: { "presence-web": fileURLToPath(new URL("src/index.ts", import.meta.url)) },
  },
  build: {
    outDir: "../dist-page",
    emptyOutDir: true,
    target: "es2022",
  },
  server: {
    proxy: { "/presence.v1.PresenceService": proxied, "/dev/": proxied },
  },
  test: {
    root: ".",
    include: ["test/**/*.test.ts", "replay/**/*.test.mjs"],
  },
});

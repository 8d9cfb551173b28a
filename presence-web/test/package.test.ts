import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const here = fileURLToPath(new URL("..", import.meta.url));
const tsc = join(here, "node_modules", ".bin", "tsc");
let elsewhere: string;

const APP = `
import { createPresence, PresenceError, type PresenceClient, type Presence } from "presence-web";

export function watch(token: string): PresenceClient {
  const presence = createPresence({ baseUrl: "https://presence.example.com", token: () => token });
  presence.onState((state) => {
    switch (state.kind) {
      case "offline":
        console.log(state.reason satisfies string);
        break;
      case "stale":
        console.log(state.asOf?.toISOString());
        break;
    }
  });
  const stop: () => void = presence.friends.subscribe(({ friends, changed }) => {
    const ada: Presence | undefined = friends.get("ada");
    console.log(ada?.state === "unknown", changed.length);
  });
  presence.setStatus({ availability: "busy" });
  stop();
  return presence;
}
export const isOurs = (error: unknown): boolean => error instanceof PresenceError;
`;

/** The library as somebody gets it who installs it. */
describe("the package", () => {
  beforeAll(async () => {
    elsewhere = await mkdtemp(join(tmpdir(), "presence-web-"));
    await run(tsc, ["-p", "tsconfig.build.json"], { cwd: here });
    const { stdout } = await run(
      "npm",
      ["pack", "--json", "--ignore-scripts", "--pack-destination", elsewhere],
      { cwd: here },
    );
    const [packed] = JSON.parse(stdout) as { filename: string }[];
    const manifest = { name: "elsewhere", private: true, type: "module" };
    await writeFile(join(elsewhere, "package.json"), JSON.stringify(manifest));
    await writeFile(join(elsewhere, "app.ts"), APP);
    await run(
      "npm",
      ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", `./${packed?.filename}`],
      { cwd: elsewhere },
    );
  }, 120_000);

  afterAll(() => rm(elsewhere, { recursive: true, force: true }));

  it.each(["NodeNext", "Bundler"])("should have types that hold with %s", async (resolution) => {
    const module = resolution === "Bundler" ? "ESNext" : resolution;
    await run(
      tsc,
      [
        "--strict", "--noEmit", "--skipLibCheck", "false", "--target", "ES2022", "--lib", "ES2022,DOM,DOM.Iterable",
        "--types", "", "--module", module, "--moduleResolution", resolution, "app.ts",
      ],
      { cwd: elsewhere },
    );
  }, 60_000);

  it("should run under plain Node", async () => {
    const program = `
      import { createPresence } from "presence-web";
      const presence = createPresence({ baseUrl: "http://127.0.0.1:9", token: () => "none" });
      console.log(presence.state.kind);
      presence.close();
      console.log(presence.state.kind);`;
    const { stdout } = await run("node", ["--input-type=module", "-e", program], { cwd: elsewhere });
    expect(stdout.trim().split(/\s+/)).toEqual(["connecting", "offline"]);
  }, 60_000);

  it("should bring nothing but the library", async () => {
    const manifest = JSON.parse(
      await readFile(join(elsewhere, "node_modules/presence-web/package.json"), "utf8"),
    ) as { dependencies: Record<string, string> };
    expect(Object.keys(manifest.dependencies).sort()).toEqual([
      "@bufbuild/protobuf",
      "@connectrpc/connect",
      "@connectrpc/connect-web",
    ]);
  });

  it("should leave nothing in the bundle of somebody who does not use it", async () => {
    const entry = join(elsewhere, "entry.js");
    await writeFile(entry, `import "presence-web"; console.log("mine");`);
    const result = await build({
      root: elsewhere,
      configFile: false,
      logLevel: "silent",
      build: { write: false, lib: { entry, formats: ["es"] } },
    });
    const [output] = Array.isArray(result) ? result : [];
    expect(output?.output[0].code.length).toBeLessThan(100);
  }, 60_000);
});

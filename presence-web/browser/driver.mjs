// Drives a real Chromium for tests that are written elsewhere: a command a line on stdin, an answer a line on stdout.
//
//   {"id": 1, "do": "open", "tab": "a", "url": "http://localhost:8080/"}   →   {"id": 1, "is": …}   or   {"id": 1, "failed": "…"}
//
// Commands: see `commands` below. Usage: node driver.mjs CHROMIUM PROFILE-FOLDER. Ends, and Chromium with it, when stdin does.
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const [executablePath, userDataDir] = process.argv.slice(2);

const browser = await puppeteer.launch({
  executablePath,
  userDataDir,
  headless: true,
  acceptInsecureCerts: true,
  protocolTimeout: 180_000,
  // A test must see timers throttled as users do.
  ignoreDefaultArgs: [
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
  ],
  args: [
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10",
  ],
});

/** The tabs, by the names that the test gives them. */
const tabs = new Map();
/** Of each tab, the streams that it holds now. */
const streams = new Map();

function tab(name) {
  const page = tabs.get(name);
  if (!page) throw new Error(`there is no tab ${name}`);
  return page;
}

function watchStreams(name, page) {
  const live = new Set();
  streams.set(name, live);
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/Subscribe")) live.add(request);
  });
  for (const event of ["requestfinished", "requestfailed"]) page.on(event, (r) => live.delete(r));
}

/** Long-lived connections keep a page from ever being idle: what has been parsed is enough. */
const loaded = { waitUntil: "domcontentloaded", timeout: 20_000 };

async function session(name) {
  const page = tab(name);
  page.cdp ??= await page.createCDPSession();
  return page.cdp;
}

const commands = {
  /** Opens a tab, in front of the others. */
  async open({ tab: name, url }) {
    const page = await browser.newPage();
    tabs.set(name, page);
    watchStreams(name, page);
    await page.goto(url, loaded);
  },
  async goto({ tab: name, url }) {
    await tab(name).goto(url, loaded);
  },
  async reload({ tab: name }) {
    await tab(name).reload(loaded);
  },
  async back({ tab: name }) {
    await tab(name).goBack(loaded);
  },
  async forward({ tab: name }) {
    await tab(name).goForward(loaded);
  },
  /** Closes a tab as a user does: the page hears of it. */
  async close({ tab: name }) {
    await tab(name).close({ runBeforeUnload: false });
    tabs.delete(name);
    streams.delete(name);
  },
  /** Lets the tab's process die: the page hears of nothing. */
  async crash({ tab: name }) {
    const cdp = await session(name);
    cdp.send("Page.crash").catch(() => {});
    tabs.delete(name);
    streams.delete(name);
  },
  /** Puts a tab in front: the others are hidden. */
  async show({ tab: name }) {
    await tab(name).bringToFront();
  },
  /** Freezes a tab as the browser does to save memory, or thaws it. */
  async freeze({ tab: name, frozen }) {
    const cdp = await session(name);
    await cdp.send("Page.setWebLifecycleState", { state: frozen ? "frozen" : "active" });
  },
  /** The value of an expression in the page, waited for if it is a promise. */
  async evaluate({ tab: name, script }) {
    return await tab(name).evaluate(script);
  },
  /** Waits until an expression in the page is true. Polls from here, since a hidden page's timers stand still. */
  async until({ tab: name, script, millis }) {
    const deadline = Date.now() + millis;
    for (;;) {
      const value = await tab(name).evaluate(script);
      if (value) return value;
      if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(value)} after ${millis} ms: ${script}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  },
  /** Presses a key, or clicks what a selector names. */
  async press({ tab: name, key }) {
    await tab(name).keyboard.press(key);
  },
  async click({ tab: name, selector }) {
    await tab(name).click(selector);
  },
  /** How many streams the tabs hold, together. */
  async streams() {
    return [...streams.values()].reduce((sum, live) => sum + live.size, 0);
  },
  async screenshot({ tab: name, path, width, height, scheme }) {
    const page = tab(name);
    await page.setViewport({ width, height, deviceScaleFactor: 2 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.screenshot({ path });
  },
};

function answer(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

createInterface({ input: process.stdin })
  .on("line", async (line) => {
    const { id, do: name, ...args } = JSON.parse(line);
    try {
      if (!commands[name]) throw new Error(`there is no command ${name}`);
      answer({ id, is: (await commands[name](args)) ?? null });
    } catch (failure) {
      answer({ id, failed: String(failure.message ?? failure) });
    }
  })
  .on("close", async () => {
    await browser.close();
    process.exit(0);
  });
answer({ id: 0, is: await browser.version() });

package dev.presence.lab.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A real Chromium with a profile of its own, and the page of the project in its tabs. The driver is
 * a script beside the page.
 */
public final class Browser implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(190);
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Process process;
  private final BufferedWriter commands;
  private final Map<Long, CompletableFuture<Map<String, Object>>> answers =
      new ConcurrentHashMap<>();
  private final AtomicInteger last = new AtomicInteger();

  /**
   * Starts one, or fails with a clear word if there is none.
   *
   * @param directory for its profile and its log
   */
  public Browser(Path directory) {
    Path root = Path.of(System.getProperty("presence.root"));
    Path script = root.resolve("presence-web/browser/driver.mjs");
    try {
      process =
          new ProcessBuilder(
                  "node",
                  script.toString(),
                  chromium().toString(),
                  directory.resolve("profile").toString())
              .redirectError(directory.resolve("browser.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("node is not on the PATH", e);
    }
    commands = process.outputWriter(UTF_8);
    CompletableFuture<Map<String, Object>> started = new CompletableFuture<>();
    answers.put(0L, started);
    Thread.ofVirtual().start(() -> read(process.inputReader(UTF_8)));
    value(started);
  }

  private static Path chromium() {
    String named = System.getenv("CHROMIUM");
    for (String candidate :
        new String[] {
          named, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"
        }) {
      if (candidate != null && Files.isExecutable(Path.of(candidate))) {
        return Path.of(candidate);
      }
    }
    throw new AssertionError(
        "there is no Chromium; ./presence test installs it where it may, or set CHROMIUM");
  }

  private void read(BufferedReader lines) {
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Map<String, Object> answer = JSONObjectUtils.parse(line);
        long id = ((Number) Objects.requireNonNull(answer.get("id"))).longValue();
        CompletableFuture<Map<String, Object>> waiting = answers.remove(id);
        if (waiting != null) {
          waiting.complete(answer);
        }
      }
    } catch (IOException | ParseException e) {
      // The process has ended, or soon will: whoever waits hears of it below.
    }
    IllegalStateException gone = new IllegalStateException("the browser is gone");
    answers.values().forEach(waiting -> waiting.completeExceptionally(gone));
  }

  private @Nullable Object run(String command, Object... arguments) {
    long id = last.incrementAndGet();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("id", id);
    line.put("do", command);
    for (int i = 0; i < arguments.length; i += 2) {
      line.put((String) arguments[i], arguments[i + 1]);
    }
    CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
    answers.put(id, answer);
    try {
      synchronized (commands) {
        commands.write(JSONObjectUtils.toJSONString(line));
        commands.newLine();
        commands.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the browser is gone", e);
    }
    return value(answer);
  }

  private static @Nullable Object value(CompletableFuture<Map<String, Object>> answer) {
    Map<String, Object> said = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    if (said.containsKey("failed")) {
      throw new AssertionError("the browser says: " + said.get("failed"));
    }
    return said.get("is");
  }

  /** Opens a tab in front of the others. */
  public Tab open(String url) {
    Tab tab = new Tab("tab" + last.incrementAndGet());
    run("open", "tab", tab.name, "url", url);
    return tab;
  }

  /** How many streams all tabs hold, together. */
  public int streams() {
    return ((Number) Objects.requireNonNull(run("streams"))).intValue();
  }

  /** One tab. */
  public final class Tab {
    private final String name;

    private Tab(String name) {
      this.name = name;
    }

    /** Goes to another address. */
    public void go(String url) {
      run("goto", "tab", name, "url", url);
    }

    public void reload() {
      run("reload", "tab", name);
    }

    public void back() {
      run("back", "tab", name);
    }

    public void forward() {
      run("forward", "tab", name);
    }

    /** Closes it as a user does. */
    public void close() {
      run("close", "tab", name);
    }

    /** Lets its process die. */
    public void crash() {
      run("crash", "tab", name);
    }

    /** Puts it in front; the others are hidden. */
    public Tab show() {
      run("show", "tab", name);
      return this;
    }

    public void freeze(boolean frozen) {
      run("freeze", "tab", name, "frozen", frozen);
    }

    public void click(String selector) {
      run("click", "tab", name, "selector", selector);
    }

    public void press(String key) {
      run("press", "tab", name, "key", key);
    }

    public Object evaluate(String script) {
      return Objects.requireNonNull(run("evaluate", "tab", name, "script", script), script);
    }

    public String text(String script) {
      return String.valueOf(evaluate(script));
    }

    public double number(String script) {
      return ((Number) evaluate(script)).doubleValue();
    }

    public void await(String script, Duration timeout) {
      run("until", "tab", name, "script", script, "millis", timeout.toMillis());
    }

    /** Waits until the page says that it is live. */
    public Tab awaitLive() {
      awaitConnection("live");
      return this;
    }

    public void awaitConnection(String state) {
      await("document.body.dataset.connection === '" + state + "'", SOON);
    }

    /** Waits until the page shows a friend so. */
    public void awaitFriend(String user, String state, Duration timeout) {
      await(
          "document.querySelector(\"" + friend(user) + "\")?.dataset.state === '" + state + "'",
          timeout);
    }

    /** How the page shows a friend now. */
    public String shows(String user) {
      return text("document.querySelector(\"" + friend(user) + "\")?.dataset.state ?? 'nothing'");
    }

    private static String friend(String user) {
      return "#friends [data-user='" + user + "']";
    }

    public void screenshot(Path file, int width, int height, String scheme) {
      run(
          "screenshot",
          "tab",
          name,
          "path",
          file.toString(),
          "width",
          width,
          "height",
          height,
          "scheme",
          scheme);
    }
  }

  @Override
  public void close() {
    try {
      commands.close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

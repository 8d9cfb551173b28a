package dev.presence.lab.behaviour;

import dev.presence.lab.browser.Browser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A browser beside a world: pages of people whom the test makes up. */
final class BrowserWorld implements AutoCloseable {

  private final World world;
  private final Browser browser;

  BrowserWorld(World world) {
    this.world = world;
    try {
      browser = new Browser(Files.createTempDirectory(world.directory(), "browser"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Browser browser() {
    return browser;
  }

  /** Where this user's page is; over TLS and HTTP/2, as in production. */
  String page(String user) {
    return "https://localhost:" + world.fleet().edge().ports().tls() + "/#user=" + user;
  }

  /** A tab with this user's page, live. */
  Browser.Tab live(String user) {
    return browser.open(page(user)).awaitLive();
  }

  /** Another page, which hides the tabs behind it. */
  Browser.Tab elsewhere() {
    return browser.open("about:blank");
  }

  /** Where a picture for people goes. */
  Path picture(String name) {
    return world.directory().resolve(name);
  }

  @Override
  public void close() {
    browser.close();
  }
}

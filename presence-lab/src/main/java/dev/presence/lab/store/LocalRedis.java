package dev.presence.lab.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A real redis-server on the loopback, in memory only: one process, without replicas. */
public final class LocalRedis implements RedisTopology {

  private final RedisNode node;

  private LocalRedis(RedisNode node) {
    this.node = node;
  }

  /**
   * Starts a server, whose log goes to {@code redis.log} in {@code directory}.
   *
   * @param options for redis-server, as on its command line
   * @throws IllegalStateException if it does not start; the message says why, in one line
   */
  public static LocalRedis start(int port, Path directory, Orphans orphans, String... options) {
    LocalRedis redis =
        new LocalRedis(
            new RedisNode("redis", port, directory, orphans, RedisNode.inMemory(options)));
    redis.start();
    return redis;
  }

  /** Starts it again after {@link #kill}: empty, on the same port. */
  public void start() {
    node.start();
  }

  /** Sends one command; the first line of the answer, empty if there is none. */
  public String command(String line) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), 500);
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write((line + "\r\n").getBytes(UTF_8));
      String answer =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
      return answer == null ? "" : answer;
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * What INFO tells of something.
   *
   * @return empty if it does not answer, or tells no such thing
   */
  public String info(String section, String field) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), 500);
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(("INFO " + section + "\r\n").getBytes(UTF_8));
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      // The answer ends with an empty line after its last field.
      for (String line = lines.readLine();
          line != null && !line.isEmpty();
          line = lines.readLine()) {
        if (line.startsWith(field + ":")) {
          return line.substring(field.length() + 1).strip();
        }
      }
      return "";
    } catch (IOException e) {
      return "";
    }
  }

  /** Where its log goes. */
  public Path log() {
    return node.log();
  }

  /** Its port. */
  public int port() {
    return node.port();
  }

  /** Its address, as servers are given it. */
  public String url() {
    return node.url();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return node.isAlive();
  }

  /** Kills it, as kill -9 does: all it holds is lost. */
  public void kill() {
    node.kill();
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("redis.url", url());
  }

  @Override
  public List<RedisNode> nodes() {
    return List.of(node);
  }

  @Override
  public List<RedisNode> masters() {
    return nodes();
  }

  @Override
  public RedisNode masterOf(String key) {
    return node;
  }

  @Override
  public void restart(RedisNode killed) {
    killed.start();
  }

  @Override
  public void restartEmpty() {
    node.kill();
    node.start();
  }

  /** Stops it. */
  @Override
  public void close() {
    kill();
  }
}

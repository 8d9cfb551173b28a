package dev.presence.lab.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a Redis, or a Sentinel, one thing: a connection for one command. For what clients do not do,
 * such as forming a cluster; there is no redis-cli beside the embedded server.
 */
final class Resp {

  private static final int CONNECT_MILLIS = 500;
  private static final int ANSWER_MILLIS = 5_000;

  private Resp() {}

  /**
   * Sends one command to the loopback and waits for the answer: a {@code String}, a {@code Long}, a
   * {@code List} of these, or null.
   *
   * @throws IllegalStateException if the answer is an error
   * @throws UncheckedIOException if there is no answer
   */
  static @Nullable Object ask(int port, String... command) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.getOutputStream().write(encode(command));
      return read(new BufferedInputStream(socket.getInputStream()), command[0], port);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no answer to " + command[0] + " from the Redis on port " + port, e);
    }
  }

  private static byte[] encode(String... command) {
    StringBuilder text = new StringBuilder("*" + command.length + "\r\n");
    for (String word : command) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return text.toString().getBytes(ISO_8859_1);
  }

  private static @Nullable Object read(InputStream in, String command, int port)
      throws IOException {
    String line = line(in);
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+' -> rest;
      case ':' -> Long.parseLong(rest);
      case '$' -> bulk(in, Integer.parseInt(rest));
      case '*' -> list(in, Integer.parseInt(rest), command, port);
      default ->
          throw new IllegalStateException(
              "the Redis on port " + port + " answers " + command + " with: " + rest);
    };
  }

  private static @Nullable String bulk(InputStream in, int length) throws IOException {
    if (length < 0) {
      return null;
    }
    byte[] bytes = in.readNBytes(length);
    line(in);
    return new String(bytes, ISO_8859_1);
  }

  private static List<@Nullable Object> list(InputStream in, int size, String command, int port)
      throws IOException {
    List<@Nullable Object> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(read(in, command, port));
    }
    return list;
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the connection ended");
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(ISO_8859_1);
  }
}

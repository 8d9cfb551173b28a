package dev.presence.lab.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.presence.lab.store.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Over a line to somebody who sends back whatever comes. */
final class LineTest {

  private static final int SOON_MILLIS = 5_000;
  private static final int SHORT_MILLIS = 100;

  private final ServerSocket echo;
  private final Switchboard board = new Switchboard();
  private final Line line;

  LineTest() throws IOException {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
    line = board.line(List.of(at(echo.getLocalPort())));
  }

  @AfterEach
  void close() throws IOException {
    board.close();
    echo.close();
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = echo.accept();
        Thread.ofVirtual().start(() -> sendBack(socket));
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private static void sendBack(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException e) {
      // Torn, as it should be.
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), line.port());
    socket.setSoTimeout(SOON_MILLIS);
    return socket;
  }

  private static int say(Socket socket, int word) throws IOException {
    socket.getOutputStream().write(word);
    return socket.getInputStream().read();
  }

  @Test
  void shouldPassOnMoreThanFitsInBetween() throws IOException {
    byte[] much = new byte[3_000_000];
    new Random(1).nextBytes(much);
    try (Socket socket = connect()) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  socket.getOutputStream().write(much);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertThat(socket.getInputStream().readNBytes(much.length)).isEqualTo(much);
    }
  }

  @Test
  void shouldResetWhatIsThereAndWhatComesUntilItIsMended() throws IOException {
    try (Socket before = connect()) {
      assertThat(say(before, 1)).isEqualTo(1);

      assertThat(line.cut()).isEqualTo(1);

      assertThatThrownBy(() -> say(before, 2)).isInstanceOf(IOException.class);
      try (Socket meanwhile = connect()) {
        assertThatThrownBy(() -> say(meanwhile, 3)).isInstanceOf(IOException.class);
      }
    }
    line.mend();
    try (Socket after = connect()) {
      assertThat(say(after, 4)).isEqualTo(4);
    }
  }

  @Test
  void shouldLoseNothingWhileItIsStalled() throws IOException {
    try (Socket socket = connect()) {
      assertThat(say(socket, 1)).isEqualTo(1);
      assertThat(line.stall()).isEqualTo(1);
      socket.getOutputStream().write(2);
      socket.setSoTimeout(SHORT_MILLIS);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);

      line.mend();

      socket.setSoTimeout(SOON_MILLIS);
      assertThat(socket.getInputStream().read()).isEqualTo(2);
    }
  }

  @Test
  void shouldTryTheNextTargetWhereNobodyListens() throws IOException {
    line.lead(List.of(at(FreePorts.any()), at(echo.getLocalPort())));
    for (int i = 0; i < 4; i++) {
      try (Socket socket = connect()) {
        assertThat(say(socket, i)).isEqualTo(i);
      }
    }
  }
}

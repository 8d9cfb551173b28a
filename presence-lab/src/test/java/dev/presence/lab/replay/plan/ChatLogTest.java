package dev.presence.lab.replay.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.presence.lab.replay.plan.ChatLog.Message;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChatLogTest {

  private static ChatLog parse(String text) throws IOException {
    return ChatLog.parse(
        "log.txt", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void assertRefused(String text, String message) {
    assertThatExceptionOfType(ChatLogException.class)
        .isThrownBy(() -> parse(text))
        .withMessage(message);
  }

  @Test
  void shouldReadMessagesByTime() throws IOException {
    ChatLog log = parse("# a comment\nbob eve 20\n\nann bob 10\n");

    assertThat(log.users()).containsExactly("bob", "eve", "ann");
    assertThat(log.messages()).containsExactly(new Message(2, 0, 10), new Message(0, 1, 20));
  }

  @Test
  void shouldReadACompressedFile(@TempDir Path folder) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write("ann bob 10\n".getBytes(StandardCharsets.UTF_8));
    }
    Path file = Files.write(folder.resolve("log.gz"), bytes.toByteArray());

    assertThat(ChatLog.read(file).messages()).hasSize(1);
  }

  @Test
  void shouldNameTheLineThatIsNoMessage() {
    assertRefused("1 2 3\n1 2\n", "log.txt:2: expected SRC DST UNIXTIME, found '1 2'");
    assertRefused("1 2 3 4\n", "log.txt:1: expected SRC DST UNIXTIME, found '1 2 3 4'");
    assertRefused("1 2 soon\n", "log.txt:1: expected Unix seconds, found 'soon'");
    assertRefused(
        "1 2 -3\n", "log.txt:1: expected Unix seconds between 0 and 4294967294, found '-3'");
    assertRefused(
        "1 b/b 3\n", "log.txt:1: a user id is 1 to 64 of A-Z a-z 0-9 . _ ~ : @ + -, and not 'b/b'");
    assertRefused("\n#\n", "log.txt: there is no message in it");
  }

  @Test
  void shouldSayThatAFileIsMissingOrNoText(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("none.txt");
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xfe, (byte) 0xff});

    assertThatExceptionOfType(ChatLogException.class)
        .isThrownBy(() -> ChatLog.read(missing))
        .withMessage(missing + ": no such file");
    assertThatExceptionOfType(ChatLogException.class)
        .isThrownBy(() -> ChatLog.read(binary))
        .withMessage(binary + ": after line 0: this is no text");
  }
}

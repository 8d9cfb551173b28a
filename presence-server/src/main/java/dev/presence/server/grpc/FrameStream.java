package dev.presence.server.grpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A frame on its way out. The transport knows its length and drains it straight into its buffers,
 * so that the shared chunks are copied once and nothing is put together before; whoever reads it
 * like any other stream may do so too.
 */
final class FrameStream extends InputStream implements KnownLength, Drainable {

  private final Frame frame;
  private boolean drained;
  private @Nullable InputStream whole;

  FrameStream(Frame frame) {
    this.frame = frame;
  }

  @Override
  public int available() throws IOException {
    if (drained) {
      return 0;
    }
    return whole == null ? frame.length() : whole.available();
  }

  @Override
  public int drainTo(OutputStream target) throws IOException {
    if (drained) {
      return 0;
    }
    drained = true;
    if (whole != null) {
      return (int) whole.transferTo(target);
    }
    target.write(frame.head());
    for (byte[] chunk : frame.chunks()) {
      target.write(chunk);
    }
    target.write(frame.tail());
    return frame.length();
  }

  @Override
  public int read() throws IOException {
    return drained ? -1 : whole().read();
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (drained) {
      return length == 0 ? 0 : -1;
    }
    return whole().read(target, offset, length);
  }

  private InputStream whole() {
    if (whole == null) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(frame.length());
      try {
        drainTo(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      drained = false;
      whole = new ByteArrayInputStream(bytes.toByteArray());
    }
    return whole;
  }
}

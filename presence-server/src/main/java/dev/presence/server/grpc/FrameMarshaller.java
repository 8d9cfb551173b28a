package dev.presence.server.grpc;

import io.grpc.MethodDescriptor.Marshaller;
import java.io.InputStream;

/** Lets a server send {@link Frame}s where the protocol says ServerMessage. */
enum FrameMarshaller implements Marshaller<Frame> {
  /** The only one. */
  INSTANCE;

  @Override
  public InputStream stream(Frame frame) {
    return new FrameStream(frame);
  }

  @Override
  public Frame parse(InputStream stream) {
    throw new UnsupportedOperationException("a server reads no ServerMessage");
  }
}

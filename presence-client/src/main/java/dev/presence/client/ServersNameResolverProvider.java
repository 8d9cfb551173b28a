package dev.presence.client;

import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** For gRPC, which finds it as a service: makes the resolvers of {@link PresenceChannels}. */
public final class ServersNameResolverProvider extends NameResolverProvider {
  private static final int USUAL_PRIORITY = 5;

  /** For gRPC. */
  public ServersNameResolverProvider() {}

  @Override
  public String getDefaultScheme() {
    return ServersNameResolver.SCHEME;
  }

  @Override
  public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
    if (!ServersNameResolver.SCHEME.equals(target.getScheme())) {
      return null;
    }
    Executor lookups = args.getOffloadExecutor();
    return new ServersNameResolver(
        target.getPath().substring(1),
        lookups == null ? DefaultCallbacks.EXECUTOR : lookups,
        args.getSynchronizationContext());
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return USUAL_PRIORITY;
  }

  @Override
  public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
    return List.of(InetSocketAddress.class);
  }
}

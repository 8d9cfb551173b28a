package dev.presence.client;

import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;

/** For gRPC, which finds it as a service: makes the balancers of {@link PresenceChannels}. */
public final class ServerChoiceProvider extends LoadBalancerProvider {
  private static final int USUAL_PRIORITY = 5;

  /** For gRPC. */
  public ServerChoiceProvider() {}

  @Override
  public boolean isAvailable() {
    return true;
  }

  @Override
  public int getPriority() {
    return USUAL_PRIORITY;
  }

  @Override
  public String getPolicyName() {
    return ServerChoice.POLICY;
  }

  @Override
  public LoadBalancer newLoadBalancer(LoadBalancer.Helper helper) {
    return ServerChoice.over(helper);
  }
}

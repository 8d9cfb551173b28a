package dev.presence.client;

import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.LoadBalancerRegistry;
import io.grpc.util.ForwardingLoadBalancerHelper;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Round robin that leaves out the server a call wishes to avoid, where it can: gRPC's own round
 * robin, asked once more if it names that server.
 */
final class ServerChoice {
  static final String POLICY = "presence_round_robin";

  /** The server that did not answer last time. */
  static final CallOptions.Key<SocketAddress> AVOID = CallOptions.Key.create("presence-avoid");

  /** Other calls take their turns in between, so the next pick may be the same server again. */
  private static final int PICKS = 8;

  private ServerChoice() {}

  static LoadBalancer over(LoadBalancer.Helper helper) {
    return Objects.requireNonNull(
            LoadBalancerRegistry.getDefaultRegistry().getProvider("round_robin"),
            "grpc-util brings round_robin")
        .newLoadBalancer(new AvoidingHelper(helper));
  }

  private static final class AvoidingHelper extends ForwardingLoadBalancerHelper {
    private final LoadBalancer.Helper helper;

    AvoidingHelper(LoadBalancer.Helper helper) {
      this.helper = helper;
    }

    @Override
    protected LoadBalancer.Helper delegate() {
      return helper;
    }

    @Override
    public void updateBalancingState(ConnectivityState state, SubchannelPicker picker) {
      helper.updateBalancingState(state, new AvoidingPicker(picker));
    }
  }

  private static final class AvoidingPicker extends SubchannelPicker {
    private final SubchannelPicker picker;

    AvoidingPicker(SubchannelPicker picker) {
      this.picker = picker;
    }

    @Override
    public PickResult pickSubchannel(PickSubchannelArgs args) {
      SocketAddress avoid = args.getCallOptions().getOption(AVOID);
      PickResult result = picker.pickSubchannel(args);
      for (int picks = 1; avoid != null && leadsTo(result, avoid) && picks < PICKS; picks++) {
        result = picker.pickSubchannel(args);
      }
      return result;
    }

    private static boolean leadsTo(PickResult result, SocketAddress server) {
      LoadBalancer.@Nullable Subchannel subchannel = result.getSubchannel();
      if (subchannel == null) {
        return false;
      }
      for (EquivalentAddressGroup group : subchannel.getAllAddresses()) {
        if (group.getAddresses().contains(server)) {
          return true;
        }
      }
      return false;
    }
  }
}

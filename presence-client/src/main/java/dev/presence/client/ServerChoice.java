package dev.presence.client;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
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

  static final CallOptions.Key<Turn> TURN = CallOptions.Key.create("presence-turn");

  /**
   * One call's wish, and what became of it. Not read from the call's attributes, since gRPC tells
   * the server there only once it has answered.
   */
  static final class Turn {
    private final @Nullable SocketAddress avoid;
    private volatile @Nullable SocketAddress chosen;

    /** Begins a turn that leads elsewhere than to this server, if there is another one. */
    Turn(@Nullable SocketAddress avoid) {
      this.avoid = avoid;
    }

    /** The server, once there is one. */
    @Nullable SocketAddress chosen() {
      return chosen;
    }
  }

  private static final Attributes.Key<SocketAddress> SERVER =
      Attributes.Key.create("presence-server");

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

    /** Marks each connection with its address, which a picker may not ask a subchannel for. */
    @Override
    public LoadBalancer.Subchannel createSubchannel(LoadBalancer.CreateSubchannelArgs args) {
      SocketAddress server = args.getAddresses().get(0).getAddresses().get(0);
      Attributes marked = args.getAttributes().toBuilder().set(SERVER, server).build();
      return helper.createSubchannel(args.toBuilder().setAttributes(marked).build());
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
      Turn turn = args.getCallOptions().getOption(TURN);
      PickResult result = picker.pickSubchannel(args);
      if (turn == null) {
        return result;
      }
      SocketAddress server = server(result);
      for (int n = 1; server != null && server.equals(turn.avoid) && n < PICKS; n++) {
        result = picker.pickSubchannel(args);
        server = server(result);
      }
      turn.chosen = server;
      return result;
    }

    private static @Nullable SocketAddress server(PickResult result) {
      LoadBalancer.@Nullable Subchannel subchannel = result.getSubchannel();
      return subchannel == null ? null : subchannel.getAttributes().get(SERVER);
    }
  }
}

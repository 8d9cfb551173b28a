package dev.presence.lab.simulation.contract;

import dev.presence.lab.store.RedisKind;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a Redis of one process. */
final class RedisStoreContractTest extends RealStoreContract {

  RedisStoreContractTest(@TempDir Path directory) {
    super(RedisKind.SINGLE, directory);
  }
}

package dev.presence.lab.edge;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.rpc.ErrorDetailsProto;
import dev.presence.v1.PresenceOuterClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What Envoy must know of our messages to speak REST: from the same classes as the servers', so
 * that the two never differ.
 */
final class Descriptors {

  private Descriptors() {}

  /** Every file comes after those that it imports. Error details are imported by none of ours. */
  static FileDescriptorSet set() {
    Map<String, FileDescriptor> files = new LinkedHashMap<>();
    add(PresenceOuterClass.getDescriptor(), files);
    add(ErrorDetailsProto.getDescriptor(), files);
    FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
    files.values().forEach(file -> set.addFile(file.toProto()));
    return set.build();
  }

  private static void add(FileDescriptor file, Map<String, FileDescriptor> files) {
    if (!files.containsKey(file.getFullName())) {
      file.getDependencies().forEach(imported -> add(imported, files));
      files.put(file.getFullName(), file);
    }
  }

  static void write(Path file) throws IOException {
    Files.write(file, set().toByteArray());
  }
}

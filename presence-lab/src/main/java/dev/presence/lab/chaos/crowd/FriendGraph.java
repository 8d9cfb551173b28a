package dev.presence.lab.chaos.crowd;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.presence.lab.replay.plan.Contacts;
import dev.presence.lab.replay.plan.Contacts.Pair;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Real people and their friendships, from a social network; {@code SOURCE.txt} tells more. */
public final class FriendGraph {

  /** How many people there are. */
  public static final int PEOPLE = 2_000;

  private static final String FILE = "/dev/presence/lab/chaos/ego-facebook.txt.gz";

  private FriendGraph() {}

  /** The first so many people, who are connected. */
  public static Contacts of(int people) {
    if (people < 2 || people > PEOPLE) {
      throw new IllegalArgumentException(
          "there are 2 to %,d people to be had, asked for %,d".formatted(PEOPLE, people));
    }
    List<Pair> pairs = new ArrayList<>();
    try (BufferedReader lines = open()) {
      for (int person = 0; person < people; person++) {
        String line = lines.readLine();
        if (line == null) {
          throw new IOException("the file ends at person " + person);
        }
        String[] numbers = line.split(" ", -1);
        for (int i = 1; i < numbers.length; i++) {
          pairs.add(new Pair(Integer.parseInt(numbers[i]), person));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the friend graph cannot be read", e);
    }
    return Contacts.of(people, pairs);
  }

  private static BufferedReader open() throws IOException {
    InputStream file = FriendGraph.class.getResourceAsStream(FILE);
    if (file == null) {
      throw new IOException("not found: " + FILE);
    }
    return new BufferedReader(new InputStreamReader(new GZIPInputStream(file), US_ASCII));
  }
}

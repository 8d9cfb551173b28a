package dev.presence.lab.reliability;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A row of a table: what is promised, and by what it is held.
 *
 * @param topic the heading under which it stands
 */
record Promise(String topic, String text, List<Proof> proofs) {

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** All rows of all tables whose second column is headed "held by". */
  static List<Promise> parse(String markdown) {
    List<Promise> promises = new ArrayList<>();
    String topic = "";
    boolean inTable = false;
    for (String line : markdown.lines().toList()) {
      if (line.startsWith("#")) {
        topic = line.replaceFirst("^#+ *", "");
      }
      if (!line.startsWith("|")) {
        inTable = false;
        continue;
      }
      List<String> cells = cells(line);
      if (cells.size() > 1 && cells.get(1).equals("held by")) {
        inTable = true;
      } else if (inTable && !line.startsWith("|--")) {
        promises.add(row(topic, line, cells));
      }
    }
    return promises;
  }

  private static List<String> cells(String line) {
    String inner = line.strip().replaceFirst("^\\|", "").replaceFirst("\\|$", "");
    return Pattern.compile("\\|").splitAsStream(inner).map(String::strip).toList();
  }

  private static Promise row(String topic, String line, List<String> cells) {
    if (cells.size() != 2 || cells.getFirst().isEmpty()) {
      throw new IllegalArgumentException("expected a promise and its tests in: " + line);
    }
    List<Proof> proofs = new ArrayList<>();
    Matcher code = CODE.matcher(cells.get(1));
    while (code.find()) {
      proofs.add(Proof.parse(code.group(1)));
    }
    return new Promise(topic, cells.getFirst(), proofs);
  }

  @Override
  public String toString() {
    return "\"" + text + "\" (" + topic + ")";
  }
}

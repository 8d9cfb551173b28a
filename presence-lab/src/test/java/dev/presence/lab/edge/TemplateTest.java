package dev.presence.lab.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TemplateTest {

  private static final String TEXT =
      """
      # @PORT@ is explained here
      port: @PORT@
      # begin page
      page: '@PAGE@'
      # end page
      last: 1
      """;

  @Test
  void shouldFillInValuesAndLeaveCommentsAlone() {
    assertThat(Template.fill(TEXT, Map.of("PORT", "1", "PAGE", "/a$b\\c"), Set.of("page")))
        .isEqualTo("# @PORT@ is explained here\nport: 1\npage: '/a$b\\c'\nlast: 1\n");
  }

  @Test
  void shouldLeaveOutPartsThatAreNotWantedAndAskForNoneOfTheirValues() {
    assertThat(Template.fill(TEXT, Map.of("PORT", "1"), Set.of()))
        .isEqualTo("# @PORT@ is explained here\nport: 1\nlast: 1\n");
  }

  @Test
  void shouldRefuseWhatWouldMakeABrokenConfiguration() {
    assertThatThrownBy(() -> Template.fill(TEXT, Map.of(), Set.of()))
        .hasMessageContaining("@PORT@");
    assertThatThrownBy(() -> Template.fill("a: '@A@'", Map.of("A", "it's"), Set.of()))
        .hasMessageContaining("without quotes");
    assertThatThrownBy(() -> Template.fill("# begin a", Map.of(), Set.of()))
        .hasMessageContaining("no end");
    assertThatThrownBy(() -> Template.fill("# begin a\n# end b", Map.of(), Set.of()))
        .hasMessageContaining("end b");
  }
}

package dev.presence.lab;

import dev.presence.lab.identity.DevelopmentKeys;
import dev.presence.lab.identity.Tokens;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code ./presence token}: a development token on the standard output. */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description =
        "Prints a development token for a user or a service; what \"up\" started accepts it.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TokenCommand implements Callable<Integer> {

  private static final Pattern USER = Pattern.compile("[A-Za-z0-9._~:@+-]{1,64}");

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "The user id, which becomes the token's sub.")
  private String name;

  @Option(
      names = "--scope",
      defaultValue = "",
      description = "Scopes, separated by blanks: presence.read.any lets a service see everybody.")
  private String scope;

  @Option(
      names = "--ttl",
      defaultValue = "24h",
      converter = Lifetime.class,
      description = "How long it is good: a number and s, m, h or d. Default: ${DEFAULT-VALUE}.")
  private Duration lifetime;

  private final Home home;

  TokenCommand(Home home) {
    this.home = home;
  }

  static final class Lifetime implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})([smhd])");

    @Override
    public Duration convert(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches() || form.group(1).matches("0+")) {
        throw new TypeConversionException(
            "'" + text + "', expected a number above 0 and s, m, h or d, such as 90m");
      }
      long number = Long.parseLong(form.group(1));
      return switch (form.group(2)) {
        case "s" -> Duration.ofSeconds(number);
        case "m" -> Duration.ofMinutes(number);
        case "h" -> Duration.ofHours(number);
        default -> Duration.ofDays(number);
      };
    }
  }

  @Override
  public Integer call() {
    if (!USER.matcher(name).matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "NAME is '" + name + "', expected 1 to 64 characters of [A-Za-z0-9._~:@+-]");
    }
    Tokens tokens = new Tokens(DevelopmentKeys.in(home.keys()));
    spec.commandLine().getOut().println(tokens.sign(name, Tokens.AUDIENCE, scope, lifetime));
    return 0;
  }
}

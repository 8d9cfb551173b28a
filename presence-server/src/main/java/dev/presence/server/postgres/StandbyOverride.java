package dev.presence.server.postgres;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Gives a connection up whose server takes no writes any more: it has become a standby, and another
 * one is the primary. The pool knows only of connections that broke.
 */
final class StandbyOverride implements SQLExceptionOverride {

  private static final String READ_ONLY_SQL_TRANSACTION = "25006";

  @java.lang.Override
  public Override adjudicate(SQLException e) {
    return READ_ONLY_SQL_TRANSACTION.equals(e.getSQLState())
        ? Override.MUST_EVICT
        : Override.CONTINUE_EVICT;
  }
}

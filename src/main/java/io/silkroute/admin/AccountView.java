package io.silkroute.admin;

import io.silkroute.routing.Account;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An account, without its key. */
@Schema(description = "An account")
public record AccountView(String id, String name, Instant createdAt) {

    static AccountView of(Account account) {
        return new AccountView(account.id().value(), account.name(), account.createdAt());
    }
}

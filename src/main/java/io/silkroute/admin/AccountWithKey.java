package io.silkroute.admin;

import io.silkroute.routing.Account;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An account with its key, shown when the key is made and never again. */
@Schema(description = "An account with its key, shown this once")
public record AccountWithKey(String id, String name, String proxyApiKey, Instant createdAt) {

    static AccountWithKey of(Account account, String key) {
        return new AccountWithKey(account.id().value(), account.name(), key, account.createdAt());
    }
}

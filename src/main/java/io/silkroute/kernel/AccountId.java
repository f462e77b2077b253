package io.silkroute.kernel;

import java.util.Objects;

/**
 * Identifies an account (a tenant with a proxy key and its own nodes).
 *
 * @param value opaque text, never empty
 */
public record AccountId(String value) {

    /** The account that admin calls without {@code account_id} speak of. It always exists. */
    public static final AccountId DEFAULT = new AccountId("default");

    public AccountId {
        Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value;
    }
}

package io.silkroute.ingress;

import io.silkroute.routing.Account;
import io.silkroute.routing.ProxyKeyHash;
import io.silkroute.routing.Routing;
import io.vertx.core.MultiMap;
import java.util.Optional;

/** Finds the account of a caller by its key. Thread-safe. */
final class CallerAuthentication {

    private static final String BEARER = "Bearer ";

    private final Routing routing;

    CallerAuthentication(Routing routing) {
        this.routing = routing;
    }

    /** The account of {@code x-api-key}, or of the bearer token where that header is missing. */
    Optional<Account> account(MultiMap headers) {
        String key = headers.get("x-api-key");
        if (key == null) {
            key = bearer(headers.get("authorization"));
        }
        return key == null ? Optional.empty() : routing.table().byKey(ProxyKeyHash.of(key));
    }

    private static String bearer(String authorization) {
        boolean bearer = authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
        return bearer ? authorization.substring(BEARER.length()).trim() : null;
    }
}

package io.silkroute.routing;

import java.util.Arrays;
import java.util.Optional;

/** How a node wants its own key. */
public enum AuthScheme {
    X_API_KEY("x-api-key"),
    BEARER("bearer"),
    NONE("none");

    private final String wireName;

    AuthScheme(String wireName) {
        this.wireName = wireName;
    }

    /** The name in the admin API and in the store. */
    public String wireName() {
        return wireName;
    }

    /** The scheme of that name, if there is one. */
    public static Optional<AuthScheme> of(String wireName) {
        return Arrays.stream(values()).filter(s -> s.wireName.equals(wireName)).findFirst();
    }
}

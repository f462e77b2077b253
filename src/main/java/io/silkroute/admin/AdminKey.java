package io.silkroute.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The key of operators ({@code ADMIN_API_KEY}).
 *
 * @param value at least 16 characters
 */
public record AdminKey(String value) {

    /** Compares in time that does not depend on where the two differ. */
    boolean matches(String offered) {
        return MessageDigest.isEqual(value.getBytes(StandardCharsets.UTF_8), offered.getBytes(StandardCharsets.UTF_8));
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "AdminKey";
    }
}

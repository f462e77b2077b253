package io.silkroute.routing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The SHA-256 of a proxy key: what is stored, and what callers are looked up by. Proxy keys are long random values, so a
 * plain hash cannot be reversed by guessing, and looking up the hash leaks nothing of the key through timing.
 */
public record ProxyKeyHash(long a, long b, long c, long d) {

    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(() -> {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    });

    /** The hash of a key as the caller sends it. */
    public static ProxyKeyHash of(String key) {
        return fromBytes(SHA_256.get().digest(key.getBytes(StandardCharsets.UTF_8)));
    }

    /** The hash as stored: 32 bytes. */
    public static ProxyKeyHash fromBytes(byte[] sha256) {
        ByteBuffer buffer = ByteBuffer.wrap(sha256);
        return new ProxyKeyHash(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }

    /** The 32 bytes to store. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(32)
                .putLong(a)
                .putLong(b)
                .putLong(c)
                .putLong(d)
                .array();
    }
}

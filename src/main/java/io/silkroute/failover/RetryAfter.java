package io.silkroute.failover;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

/** Reads the header {@code Retry-After} (RFC 9110, 10.2.3): seconds or an HTTP date. */
final class RetryAfter {

    /** A node that names a longer rest is tried again nevertheless. */
    static final Duration CAP = Duration.ofMinutes(5);

    /** The rest of a node that names none, or nonsense. */
    static final Duration UNSAID = Duration.ofSeconds(1);

    private RetryAfter() {}

    /** How long to rest, from zero to {@link #CAP}. */
    static Duration parse(String header, Clock clock) {
        if (header == null) {
            return UNSAID;
        }
        String value = header.trim();
        return value.matches("\\d{1,9}") ? capped(Duration.ofSeconds(Long.parseLong(value))) : untilDate(value, clock);
    }

    private static Duration untilDate(String value, Clock clock) {
        try {
            Instant date = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value));
            return capped(Duration.between(clock.instant(), date));
        } catch (DateTimeException e) {
            return UNSAID;
        }
    }

    private static Duration capped(Duration wanted) {
        if (wanted.isNegative()) {
            return Duration.ZERO;
        }
        return wanted.compareTo(CAP) > 0 ? CAP : wanted;
    }
}

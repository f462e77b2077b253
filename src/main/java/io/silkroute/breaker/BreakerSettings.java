package io.silkroute.breaker;

import java.time.Duration;

/**
 * When a breaker opens and how it comes back.
 *
 * @param window length of the sliding window ({@code CB_WINDOW_SECONDS})
 * @param minRequests results in the window below which the rate decides nothing ({@code CB_MIN_REQUESTS})
 * @param failureRate share of failures in the window that opens, above 0 up to 1 ({@code CB_FAILURE_RATE})
 * @param consecutiveFails failures in a row that open ({@code CB_CONSECUTIVE_FAILS})
 * @param cooldown how long it stays open the first time ({@code CB_COOLDOWN_SECONDS})
 * @param cooldownMax cap of the doubling ({@code CB_COOLDOWN_MAX_SECONDS})
 * @param halfOpenProbes requests at a time while half-open, and successes needed to close ({@code CB_HALFOPEN_PROBES})
 */
public record BreakerSettings(
        Duration window,
        int minRequests,
        double failureRate,
        int consecutiveFails,
        Duration cooldown,
        Duration cooldownMax,
        int halfOpenProbes) {

    /** The cooldown before the given number of re-openings in a row (0 for the first opening), doubled each time. */
    Duration cooldown(int reopenings) {
        Duration doubled = cooldown.multipliedBy(1L << Math.min(reopenings, 20));
        return doubled.compareTo(cooldownMax) > 0 ? cooldownMax : doubled;
    }
}

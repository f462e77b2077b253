package io.silkroute.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Meters with the same tags, which come and go together. Subclasses make all of them when they are made. Thread-safe. */
class MeterGroup {

    /** From a cached answer to a long completion. */
    static final Duration[] LATENCIES =
            millis(5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 120_000);

    /** What is meant not to be felt has finer buckets below. */
    static final Duration[] SHORT_LATENCIES = millis(1, 2, 5, 10, 25, 50, 100, 200, 500, 1000, 5000, 30_000);

    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meter> meters = new ArrayList<>();

    MeterGroup(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
    }

    final Counter counter(Metric metric, Tags more) {
        return own(metric.counter(registry, tags.and(more)));
    }

    final Timer timer(Metric metric, Tags more, Duration... buckets) {
        return own(metric.timer(registry, tags.and(more), buckets));
    }

    final void gauge(Metric metric, Supplier<Number> value) {
        own(metric.gauge(registry, tags, value));
    }

    /**
     * A counter for each value of a further tag, which is an enum's, so that there is a bound to them. All are there from the
     * start: what appears with its first event has no rate of that event.
     */
    final <E extends Enum<E>> Map<E, Counter> counters(
            Metric metric, Tags more, String tag, Class<E> values, Function<E, String> wireName) {
        Map<E, Counter> counters = new EnumMap<>(values);
        for (E value : values.getEnumConstants()) {
            counters.put(value, counter(metric, more.and(tag, wireName.apply(value))));
        }
        return counters;
    }

    /** Takes all of them out of the registry. What is counted late is lost, and does not bring them back. */
    final void close() {
        meters.forEach(registry::remove);
    }

    private <M extends Meter> M own(M meter) {
        meters.add(meter);
        return meter;
    }

    private static Duration[] millis(int... values) {
        Duration[] durations = new Duration[values.length];
        for (int i = 0; i < values.length; i++) {
            durations[i] = Duration.ofMillis(values[i]);
        }
        return durations;
    }
}

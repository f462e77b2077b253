package io.silkroute.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.Supplier;

/** Meters with the same tags, which come and go together. Thread-safe. */
class MeterGroup {

    /** From a cached answer to a long completion. */
    static final Duration[] LATENCIES =
            millis(5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 120_000);

    /** What is meant not to be felt has finer buckets below. */
    static final Duration[] SHORT_LATENCIES = millis(1, 2, 5, 10, 25, 50, 100, 200, 500, 1000, 5000, 30_000);

    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meter> meters = new ArrayList<>();
    private boolean closed;

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

    /** A counter for each value of a further tag. */
    final <E extends Enum<E>> PerValue<E> counters(
            Metric metric, Tags more, String tag, Class<E> values, Function<E, String> wireName) {
        return new PerValue<>(values, value -> counter(metric, more.and(tag, wireName.apply(value))));
    }

    /** Counters by the values of an enum, so that there is a bound to them; each is made at its first use. */
    static final class PerValue<E extends Enum<E>> {
        private final AtomicReferenceArray<Counter> counters;
        private final Function<E, Counter> maker;

        private PerValue(Class<E> values, Function<E, Counter> maker) {
            this.counters = new AtomicReferenceArray<>(values.getEnumConstants().length);
            this.maker = maker;
        }

        void increment(E value) {
            Counter counter = counters.get(value.ordinal());
            if (counter == null) {
                // Made twice in a race it is the same one: the registry sees to that.
                counter = maker.apply(value);
                counters.set(value.ordinal(), counter);
            }
            counter.increment();
        }
    }

    /** Takes all of them out of the registry. What is counted late is lost, and does not bring them back. */
    final synchronized void close() {
        closed = true;
        meters.forEach(registry::remove);
    }

    private synchronized <M extends Meter> M own(M meter) {
        if (closed) {
            registry.remove(meter);
        } else {
            meters.add(meter);
        }
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

package io.silkroute.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.silkroute.failover.FinishedRequest;
import io.silkroute.failover.QueueExit;
import io.silkroute.failover.RequestOutcome;
import io.silkroute.kernel.SlidingCounter;
import io.silkroute.kernel.Ticker;
import io.silkroute.routing.AccountRuntime;
import io.silkroute.routing.Shift;
import io.silkroute.switchover.SwitchReason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The meters of one account. Thread-safe. */
final class AccountMeters extends MeterGroup {

    private static final Duration RATE_WINDOW = Duration.ofMinutes(5);
    private static final int SLICES = 60;
    private static final double P99 = 0.99;

    private final String account;
    private final Map<RequestOutcome, Counter> unanswered;
    private final Map<SwitchReason, Counter> switches;
    private final Counter rollbacks;
    private final Timer head;
    private final Timer whole;
    private final Timer failover;
    private final SlidingCounter retried;
    private final SlidingCounter retriedWell;
    private final Timer percentiles;
    private final Map<QueueExit, Timer> waits = new EnumMap<>(QueueExit.class);

    /**
     * @param runtime its gradual switch
     * @param waiting how many requests wait now
     * @param usable how many nodes could be sent a request now
     */
    AccountMeters(
            MeterRegistry registry,
            String account,
            AccountRuntime runtime,
            Supplier<Number> waiting,
            Supplier<Number> usable,
            Ticker ticker) {
        super(registry, Tags.of("account", account));
        this.account = account;
        this.unanswered = counters(
                Metric.REQUESTS, Tags.of("node", "none"), "outcome", RequestOutcome.class, RequestOutcome::wireName);
        this.switches = counters(Metric.SWITCHES, Tags.empty(), "reason", SwitchReason.class, SwitchReason::wireName);
        this.rollbacks = counter(Metric.ROLLBACKS, Tags.empty());
        this.head = timer(Metric.REQUEST, Tags.of("phase", "head"), LATENCIES);
        this.whole = timer(Metric.REQUEST, Tags.of("phase", "whole"), LATENCIES);
        this.failover = timer(Metric.FAILOVER, Tags.empty(), SHORT_LATENCIES);
        this.retried = new SlidingCounter(ticker, RATE_WINDOW.toNanos(), SLICES);
        this.retriedWell = new SlidingCounter(ticker, RATE_WINDOW.toNanos(), SLICES);
        // A registry of its own: to Prometheus go the histogram above and the one percentile.
        this.percentiles = Timer.builder("request").publishPercentiles(P99).register(new SimpleMeterRegistry());
        gauge(Metric.REQUEST_LATENCY_P99, this::p99);
        gauge(Metric.RETRY_SUCCESS_RATE, this::retrySuccessRate);
        gauge(
                Metric.GRADUAL_SWITCH_STAGE,
                () -> runtime.shift().map(Shift::stage).orElse(0));
        gauge(Metric.QUEUE_DEPTH, waiting);
        gauge(Metric.USABLE_NODES, usable);
        for (QueueExit exit : QueueExit.values()) {
            waits.put(exit, timer(Metric.QUEUE_WAIT, Tags.of("outcome", exit.wireName()), LATENCIES));
        }
    }

    /** Whether this is still the right name. */
    boolean named(String accountName) {
        return account.equals(accountName);
    }

    void committed(Duration took) {
        head.record(took);
    }

    void requestEnded(FinishedRequest request) {
        whole.record(request.took());
        percentiles.record(request.took());
        boolean well = request.outcome() == RequestOutcome.SUCCESS;
        if (request.attempts().size() > 1) {
            retried.increment();
            if (well) {
                retriedWell.increment();
                failover.record(request.lost());
            }
        }
        if (request.node().isEmpty()) {
            unanswered.get(request.outcome()).increment();
        }
    }

    void waited(QueueExit exit, Duration took) {
        waits.get(exit).record(took);
    }

    void rolledBack() {
        rollbacks.increment();
    }

    void switched(SwitchReason reason) {
        switches.get(reason).increment();
    }

    private double p99() {
        return percentiles.count() == 0
                ? Double.NaN
                : percentiles.takeSnapshot().percentileValues()[0].value(TimeUnit.SECONDS);
    }

    private double retrySuccessRate() {
        int all = retried.sum();
        return all == 0 ? Double.NaN : (double) retriedWell.sum() / all;
    }
}

package io.silkroute.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.silkroute.breaker.CircuitBreaker.State;
import io.silkroute.failover.RequestOutcome;
import io.silkroute.kernel.FailureCause;
import io.silkroute.kernel.Outcome;
import io.silkroute.routing.NodeRuntime;
import io.silkroute.upstream.ProbeResult;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The meters of one node. Thread-safe. */
final class NodeMeters extends MeterGroup {

    private final String account;
    private final String node;
    private final Counter retries;
    private final Counter ok;
    private final Counter cancelled;
    private final Map<FailureCause, Counter> failures;
    private final Map<RequestOutcome, Counter> requests;
    private final Map<State, Counter> transitions;
    private final Timer upstream;
    private final Timer warmed;
    private final Timer notWarmed;

    /**
     * @param share percent of the account's traffic now
     */
    NodeMeters(MeterRegistry registry, String account, String node, NodeRuntime runtime, Supplier<Number> share) {
        super(registry, Tags.of("account", account, "node", node));
        this.account = account;
        this.node = node;
        this.retries = counter(Metric.RETRY_ATTEMPTS, Tags.empty());
        this.ok = counter(Metric.ATTEMPTS, Tags.of("cause", "ok"));
        this.cancelled = counter(Metric.ATTEMPTS, Tags.of("cause", "client_cancelled"));
        this.failures = counters(Metric.ATTEMPTS, Tags.empty(), "cause", FailureCause.class, FailureCause::wireName);
        this.requests =
                counters(Metric.REQUESTS, Tags.empty(), "outcome", RequestOutcome.class, RequestOutcome::wireName);
        this.transitions = counters(Metric.BREAKER_TRANSITIONS, Tags.empty(), "to", State.class, State::wireName);
        this.upstream = timer(Metric.UPSTREAM, Tags.empty(), LATENCIES);
        this.warmed = timer(Metric.WARMUP, Tags.of("outcome", "success"), SHORT_LATENCIES);
        this.notWarmed = timer(Metric.WARMUP, Tags.of("outcome", "failure"), SHORT_LATENCIES);
        gauge(Metric.CIRCUIT_BREAKER_STATE, () -> number(runtime.breakerState()));
        gauge(Metric.NODE_FAILURE_RATE, runtime::failureRate);
        gauge(Metric.TRAFFIC_SHARE, share);
        gauge(Metric.IN_FLIGHT, runtime::inFlight);
        gauge(Metric.WARMUP_LATENCY_AVG, () -> warmed.count() == 0 ? Double.NaN : warmed.mean(TimeUnit.SECONDS));
    }

    /** Whether these are still the right names. */
    boolean named(String accountName, String nodeName) {
        return account.equals(accountName) && node.equals(nodeName);
    }

    void answered(Duration took) {
        upstream.record(took);
    }

    void ended(Outcome outcome, int ordinal) {
        if (ordinal > 1) {
            retries.increment();
        }
        if (outcome instanceof Outcome.Failed failed) {
            failures.get(failed.cause()).increment();
        } else if (outcome instanceof Outcome.Succeeded) {
            ok.increment();
        } else {
            cancelled.increment();
        }
    }

    void requestEnded(RequestOutcome outcome) {
        requests.get(outcome).increment();
    }

    void transition(State to) {
        transitions.get(to).increment();
    }

    void probed(ProbeResult result) {
        (result.ok() ? warmed : notWarmed).record(result.latency());
    }

    private static int number(State state) {
        return switch (state) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }
}

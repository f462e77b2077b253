package io.silkroute.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;

/** Every meter there is, under its one name. The registry adds what Prometheus wants: {@code _total}, {@code _seconds}. */
enum Metric {
    RETRY_ATTEMPTS("retry_attempts", "Attempts beyond the first of their request, by the node they went to"),
    RETRY_SUCCESS_RATE(
            "retry_success_rate",
            "Share of the retried requests of the last five minutes that ended well; NaN without any"),
    CIRCUIT_BREAKER_STATE("circuit_breaker_state", "0 closed, 1 half-open, 2 open"),
    NODE_FAILURE_RATE("node_failure_rate", "Counted failures per result in the window of the circuit breaker, 0 to 1"),
    REQUEST_LATENCY_P99(
            "request_latency_p99",
            "99th percentile, in seconds, of whole requests over the last minutes; NaN without any"),
    WARMUP_LATENCY_AVG("warmup_latency_avg", "Mean latency, in seconds, of successful warm-up probes; NaN without any"),
    QUEUE_DEPTH("queue_depth", "Requests that wait for a node"),
    QUEUE_WAIT("silkroute_queue_wait", "Time that requests waited for a node, by how they left the queue"),
    REQUESTS("silkroute_requests", "Requests of callers, by the node that answered and how they ended"),
    ATTEMPTS("silkroute_attempts", "Attempts, by node and how they ended"),
    FAILOVER("silkroute_failover", "Time that failed attempts cost a request which another then answered"),
    REQUEST("silkroute_request", "Time from a request to the head of its answer, and to its end"),
    UPSTREAM("silkroute_upstream", "Time from the start of an attempt to the first byte of the node's answer"),
    BREAKER_TRANSITIONS("silkroute_breaker_transitions", "Changes of state of circuit breakers"),
    SWITCHES("silkroute_switches", "Switches of the active node, by reason"),
    TRAFFIC_SHARE("silkroute_traffic_share", "Percent of the account's traffic that a node gets now"),
    GRADUAL_SWITCH_STAGE(
            "silkroute_gradual_switch_stage", "Stage of the gradual switch that is under way; 0 without any"),
    ROLLBACKS("silkroute_rollbacks", "Gradual switches that ended early, with all traffic on the old node"),
    WARMUP("silkroute_warmup", "Latency of warm-up probes"),
    RETRY_BUDGET_EXHAUSTED(
            "silkroute_retry_budget_exhausted", "Failures that were final because the retry budget was spent"),
    USABLE_NODES("silkroute_usable_nodes", "Nodes of an account that a request could be sent to now"),
    DATABASE_UP("silkroute_database_up", "1 while the database can be reached and read, 0 while it cannot"),
    IN_FLIGHT("silkroute_in_flight", "Attempts that run now"),
    REPLAY("silkroute_replay", "Bodies kept in memory: of requests for replay, of responses for assured delivery");

    private final String id;
    private final String description;

    Metric(String id, String description) {
        this.id = id;
        this.description = description;
    }

    Counter counter(MeterRegistry registry, Tags tags) {
        return Counter.builder(id).description(description).tags(tags).register(registry);
    }

    Gauge gauge(MeterRegistry registry, Tags tags, Supplier<Number> value) {
        return Gauge.builder(id, value)
                .description(description)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    Gauge bytes(MeterRegistry registry, Supplier<Number> value) {
        return Gauge.builder(id, value)
                .description(description)
                .baseUnit("bytes")
                .strongReference(true)
                .register(registry);
    }

    /** A histogram with the given buckets. */
    Timer timer(MeterRegistry registry, Tags tags, Duration... buckets) {
        return Timer.builder(id)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }
}

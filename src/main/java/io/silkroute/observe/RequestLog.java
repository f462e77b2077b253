package io.silkroute.observe;

import io.silkroute.failover.AttemptLedger;
import io.silkroute.failover.FailoverListener;
import io.silkroute.failover.FinishedRequest;
import io.silkroute.failover.RequestOutcome;
import io.silkroute.kernel.AccountId;
import io.silkroute.routing.Node;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The newest requests that failed or took more than one attempt, in memory. Thread-safe, lock-free. */
@Singleton
public class RequestLog implements FailoverListener {

    private static final int SIZE = 10_000;

    /**
     * A request that is over.
     *
     * @param at when it ended
     * @param id as callers, nodes and operators know it
     * @param account whose it was
     * @param node the name of the node whose answer went out, if any
     * @param outcome how it ended
     * @param attempts what it went through, oldest first
     * @param took from its opening to its end
     */
    public record Entry(
            Instant at,
            String id,
            AccountId account,
            Optional<String> node,
            RequestOutcome outcome,
            List<AttemptLedger.Entry> attempts,
            Duration took) {}

    private final Ring<Entry> newest = new Ring<>(SIZE);
    private final ConcurrentMap<String, Entry> byId = new ConcurrentHashMap<>();
    private final Clock clock;

    @Inject
    public RequestLog(Clock clock) {
        this.clock = clock;
    }

    /** The newest kept request of that id; ids are the callers' and may come twice. */
    public Optional<Entry> find(String requestId) {
        return Optional.ofNullable(byId.get(requestId));
    }

    @Override
    public void requestEnded(FinishedRequest request) {
        if (request.hadTrouble()) {
            Entry entry = new Entry(
                    clock.instant(),
                    request.id(),
                    request.account().id(),
                    request.node().map(Node::name),
                    request.outcome(),
                    request.attempts(),
                    request.took());
            byId.put(request.id(), entry);
            newest.add(entry).ifPresent(oldest -> byId.remove(oldest.id(), oldest));
        }
    }
}

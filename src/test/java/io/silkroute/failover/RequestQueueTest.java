package io.silkroute.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.silkroute.breaker.BreakerSettings;
import io.silkroute.kernel.FailureCause;
import io.silkroute.kernel.Outcome;
import io.silkroute.routing.Account;
import io.silkroute.routing.AccountSpec;
import io.silkroute.routing.Activation;
import io.silkroute.routing.Node;
import io.silkroute.routing.NodeSelector.Selection;
import io.silkroute.routing.NodeSpec;
import io.silkroute.routing.Routing;
import io.silkroute.testing.ManualScheduler;
import io.silkroute.testing.ManualTicker;
import io.silkroute.testing.Specs;
import io.silkroute.upstream.RequestBody;
import io.silkroute.upstream.UpstreamRequest;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestQueueTest {

    private static final Duration COOLDOWN = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TOTAL = Duration.ofSeconds(120);
    private static final Duration A_MOMENT = Duration.ofMillis(1);

    private final ManualTicker ticker = new ManualTicker();
    private final ManualScheduler scheduler = new ManualScheduler(ticker);
    private final Routing routing = new Routing(
            new BreakerSettings(Duration.ofSeconds(60), 20, 0.5, 1, COOLDOWN, COOLDOWN, 3),
            false,
            ticker,
            Clock.systemUTC());
    private final List<Runnable> elsewhere = new ArrayList<>();
    private final RequestQueue queue =
            new RequestQueue(new QueueSettings(true, 100, TIMEOUT), routing, scheduler, ticker, () -> elsewhere::add);

    private final Map<String, String> names = new HashMap<>();
    private int ids;

    /** Everybody who has left, in order. */
    private final List<String> left = new ArrayList<>();

    @BeforeEach
    void noNode() {
        publish();
    }

    @Test
    void whenANodeComesThoseWhoWaitGoInTurnSlowlyAtFirst() {
        enter(10, TOTAL);
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(left).isEmpty();

        publish(Specs.node("n", 1, false));

        pass(RequestQueue.SPAN);
        assertThat(left).containsExactly("0 forwarded");
        pass(RequestQueue.SPAN);
        assertThat(left).containsExactly("0 forwarded", "1 forwarded", "2 forwarded");
        pass(RequestQueue.SPAN);
        assertThat(left).hasSize(7);
        pass(RequestQueue.SPAN);
        assertThat(left).hasSize(10).isSorted();
        assertThat(queue.depth(Specs.ACCOUNT)).isZero();
    }

    @Test
    void whoHasWaitedLongEnoughIsSentAway() {
        enter(1, TOTAL);

        pass(TIMEOUT.minus(A_MOMENT));
        assertThat(left).isEmpty();
        pass(A_MOMENT);

        assertThat(left).containsExactly("0 timed_out");
        publish(Specs.node("n", 1, false));
        pass(TIMEOUT);
        assertThat(left).containsExactly("0 timed_out");
    }

    @Test
    void theWaitIsChargedToTheTimeOfTheRequest() {
        enter(1, Duration.ofSeconds(2));

        pass(Duration.ofSeconds(2).minus(A_MOMENT));
        assertThat(left).isEmpty();
        pass(A_MOMENT);

        assertThat(left).containsExactly("0 timed_out");
    }

    @Test
    void whoFindsNoRoomIsToldAtOnce() {
        enter(101, TOTAL);

        assertThat(left).containsExactly("100 full");
        assertThat(queue.depth(Specs.ACCOUNT)).isEqualTo(100);
    }

    @Test
    void whoLeavesIsGoneAtOnceAndTheNextHasHisTurn() {
        List<Exchange> waiting = enter(3, TOTAL);

        waiting.get(0).callerLeft();
        assertThat(left).containsExactly("0 cancelled");
        assertThat(queue.depth(Specs.ACCOUNT)).isEqualTo(2);

        publish(Specs.node("n", 1, false));
        pass(RequestQueue.SPAN);
        assertThat(left).containsExactly("0 cancelled", "1 forwarded");
    }

    @Test
    void whoLeavesWhileHeIsBeingLetGoGivesThePlaceOnTheNodeBack() {
        List<Exchange> waiting = enter(1, TOTAL);
        publish(Specs.node("n", 1, false));
        scheduler.advance(RequestQueue.SPAN);
        assertThat(node("n").runtime().inFlight()).isEqualTo(1);

        waiting.get(0).callerLeft();
        runElsewhere();

        assertThat(left).containsExactly("0 cancelled");
        assertThat(node("n").runtime().inFlight()).isZero();
    }

    @Test
    void aPlaceThatIsFreedGoesToTheFirstWithoutALook() {
        publish(full("n"));
        Selection taken = take("n");
        enter(2, TOTAL);
        pass(Duration.ofSeconds(1));
        assertThat(left).isEmpty();

        node("n").runtime().end(taken.permit(), Outcome.SUCCEEDED);
        queue.attemptEnded(account(), node("n"), Outcome.SUCCEEDED, 1);
        scheduler.run();
        runElsewhere();

        assertThat(left).containsExactly("0 forwarded");
    }

    @Test
    void whoMayNotGoWhereThereIsAPlaceHoldsNobodyUp() {
        publish(Specs.node("n", 1, false));
        Selection tried = take("n");
        Exchange rejected = exchange(TOTAL);
        // It has been there, and the node told it not to come again.
        rejected.failed(
                rejected.begin(tried), new Outcome.Failed(FailureCause.RATE_LIMITED, "status 429"), Optional.empty());
        wait("rejected", rejected);
        enter(1, TOTAL);

        pass(RequestQueue.SPAN);

        assertThat(left).containsExactly("0 forwarded");
    }

    private List<Exchange> enter(int count, Duration total) {
        List<Exchange> entered = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Exchange exchange = exchange(total);
            wait(Integer.toString(i), exchange);
            entered.add(exchange);
        }
        scheduler.run();
        runElsewhere();
        return entered;
    }

    private void wait(String name, Exchange exchange) {
        names.put(exchange.request().requestId(), name);
        queue.enter(exchange);
    }

    private Exchange exchange(Duration total) {
        String id = "r" + ids++;
        UpstreamRequest request =
                new UpstreamRequest(HttpMethod.POST, "/v1/x", MultiMap.caseInsensitiveMultiMap(), id, RequestBody.NONE);
        return new Exchange(account(), request, Delivery.STREAMING, total, ticker, new FailoverListener() {
            @Override
            public void waited(Account account, QueueExit exit, Duration took) {
                left.add(names.get(id) + " " + exit.wireName());
            }
        });
    }

    private void pass(Duration time) {
        scheduler.advance(time);
        runElsewhere();
    }

    /** What the event loops of the callers have to do. */
    private void runElsewhere() {
        List<Runnable> tasks = List.copyOf(elsewhere);
        elsewhere.clear();
        tasks.forEach(Runnable::run);
    }

    private Selection take(String name) {
        Node node = node(name);
        return new Selection(
                node, node.runtime().tryAcquire(node.spec().maxConcurrency()).orElseThrow());
    }

    private static NodeSpec full(String name) {
        return Specs.node(name, 1, 1);
    }

    private void publish(NodeSpec... nodes) {
        routing.publish(List.of(
                new AccountSpec(Specs.ACCOUNT, "a", Optional.empty(), Activation.NONE, List.of(nodes), Instant.EPOCH)));
    }

    private Account account() {
        return routing.table().byId(Specs.ACCOUNT).orElseThrow();
    }

    private Node node(String name) {
        return account().nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}

package io.silkroute.failover;

import io.silkroute.kernel.AccountId;
import io.silkroute.kernel.Outcome;
import io.silkroute.kernel.Scheduler;
import io.silkroute.kernel.Ticker;
import io.silkroute.routing.Account;
import io.silkroute.routing.Node;
import io.silkroute.routing.NodeSelector;
import io.silkroute.routing.NodeSelector.Selection;
import io.silkroute.routing.Routing;
import io.silkroute.traffic.SlowStart;
import io.silkroute.traffic.WaitingLine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Where requests wait that no node can take: account by account, first in, first out. One scheduler lets them go, as fast as nodes
 * take them, but slowly at first.
 *
 * <p>Thread-safe. A request leaves the queue exactly once, and hears of it on its own event loop.
 */
public final class RequestQueue implements FailoverListener {

    /** Between two looks whether a node can take somebody, while somebody waits. */
    static final Duration SPAN = Duration.ofMillis(10);

    private final QueueSettings settings;
    private final Routing routing;
    private final Scheduler scheduler;
    private final Ticker ticker;
    private final Supplier<Executor> here;
    private final ConcurrentMap<AccountId, Line> lines = new ConcurrentHashMap<>();

    /**
     * @param settings whether and how requests wait
     * @param routing who could take them
     * @param scheduler lets them go
     * @param ticker the clock
     * @param here gives what runs tasks on the event loop it is asked on
     */
    public RequestQueue(
            QueueSettings settings, Routing routing, Scheduler scheduler, Ticker ticker, Supplier<Executor> here) {
        this.settings = settings;
        this.routing = routing;
        this.scheduler = scheduler;
        this.ticker = ticker;
        this.here = here;
    }

    /** Whether requests wait at all. */
    public boolean isEnabled() {
        return settings.enabled();
    }

    /** How many requests of an account wait now. */
    public int depth(AccountId account) {
        Line line = lines.get(account);
        return line == null ? 0 : line.waiting.length();
    }

    /** A place on a node is free again. */
    @Override
    public void attemptEnded(Account account, Node node, Outcome outcome, int ordinal) {
        Line line = lines.get(account.id());
        if (line != null) {
            scheduler.execute(line::letGo);
        }
    }

    /**
     * Has a request wait. To be called on its event loop, on which the result completes, too.
     *
     * @return the node that takes it, and the leave to use that; empty when there was none in time, no room to wait, or nobody
     *     who waits any more
     */
    CompletionStage<Optional<Selection>> enter(Exchange exchange) {
        Wait wait = new Wait(exchange, here.get());
        Line line = lines.compute(exchange.account().id(), (id, known) -> {
            // In here, so that no line is given up with somebody in it.
            Line into = known == null ? new Line(id) : known;
            wait.place = into.waiting.enter(wait).orElse(null);
            return into;
        });
        if (wait.place == null) {
            wait.tell(QueueExit.FULL, Optional.empty());
        } else {
            exchange.waits(wait::cancel);
            Duration left = exchange.remaining();
            Duration patience = settings.timeout().compareTo(left) < 0 ? settings.timeout() : left;
            scheduler.execute(() -> {
                wait.timeout = scheduler.after(patience, wait::timedOut);
                line.open();
            });
        }
        return wait.result;
    }

    /** One request in the queue. */
    private final class Wait {
        private final Exchange exchange;
        private final Executor home;
        private final long since = ticker.nanos();
        private final CompletableFuture<Optional<Selection>> result = new CompletableFuture<>();
        private WaitingLine<Wait>.Place place;
        private Scheduler.Task timeout = () -> {};

        Wait(Exchange exchange, Executor home) {
            this.exchange = exchange;
            this.home = home;
        }

        /** It left its place with a node to go to. By a task of the scheduler. */
        void go(Account account, Selection selection) {
            timeout.cancel();
            home.execute(() -> {
                if (exchange.hasCallerLeft()) {
                    giveBack(selection);
                    tell(QueueExit.CANCELLED, Optional.empty());
                } else {
                    exchange.continuesOn(account);
                    tell(QueueExit.FORWARDED, Optional.of(selection));
                }
            });
        }

        private void timedOut() {
            if (place.leave()) {
                home.execute(() -> tell(QueueExit.TIMED_OUT, Optional.empty()));
            }
        }

        private void cancel() {
            if (place.leave()) {
                scheduler.execute(() -> timeout.cancel());
                tell(QueueExit.CANCELLED, Optional.empty());
            }
        }

        private void tell(QueueExit exit, Optional<Selection> selection) {
            exchange.waited(exit, Duration.ofNanos(ticker.nanos() - since));
            result.complete(selection);
        }
    }

    /** The line of one account. But for who waits in it, it is touched by tasks of the scheduler only. */
    private final class Line {
        private final AccountId id;
        private final WaitingLine<Wait> waiting = new WaitingLine<>(settings.size());
        private SlowStart pace = new SlowStart();
        private boolean open;

        Line(AccountId id) {
            this.id = id;
        }

        void open() {
            if (!open) {
                open = true;
                pace = new SlowStart();
                letGo();
                scheduler.after(SPAN, this::nextSpan);
            }
        }

        private void nextSpan() {
            pace.nextSpan();
            letGo();
            if (waiting.length() > 0) {
                scheduler.after(SPAN, this::nextSpan);
            } else {
                open = false;
                lines.computeIfPresent(id, (key, line) -> line.waiting.length() == 0 ? null : line);
            }
        }

        private void letGo() {
            Optional<Account> account = routing.table().byId(id);
            if (account.isEmpty()) {
                return;
            }
            for (WaitingLine<Wait>.Place place : waiting) {
                // Before each, as the one before may have taken the last place.
                boolean anybody = NodeSelector.peek(account.get(), node -> 0).isPresent();
                if (!anybody || !pace.tryGo()) {
                    return;
                }
                if (!letGo(place, account.get())) {
                    pace.stay();
                }
            }
        }

        /** One who has been where a node is ready, and may not go there again, holds up nobody behind him. */
        private boolean letGo(WaitingLine<Wait>.Place place, Account account) {
            Wait wait = place.who();
            Optional<Selection> selection = NodeSelector.acquire(account, wait.exchange::tries);
            if (selection.isEmpty()) {
                return false;
            }
            if (!place.leave()) {
                giveBack(selection.get());
                return false;
            }
            wait.go(account, selection.get());
            return true;
        }
    }

    private static void giveBack(Selection selection) {
        selection.node().runtime().end(selection.permit(), Outcome.CANCELLED);
    }
}

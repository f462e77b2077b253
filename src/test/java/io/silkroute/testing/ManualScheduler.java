package io.silkroute.testing;

import io.silkroute.kernel.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Runs tasks on the test's own thread, when the test says so, on the time of a {@link ManualTicker}. */
public final class ManualScheduler implements Scheduler {

    private static final int ENDLESS = 100_000;

    private static final class Entry {
        private final long dueNanos;
        private final long order;
        private final Runnable task;
        private boolean cancelled;

        Entry(long dueNanos, long order, Runnable task) {
            this.dueNanos = dueNanos;
            this.order = order;
            this.task = task;
        }
    }

    private final ManualTicker ticker;
    private final long origin;
    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.<Entry>comparingLong(e -> e.dueNanos).thenComparingLong(e -> e.order));
    private long added;

    public ManualScheduler(ManualTicker ticker) {
        this.ticker = ticker;
        this.origin = ticker.nanos();
    }

    @Override
    public void execute(Runnable task) {
        after(Duration.ZERO, task);
    }

    @Override
    public Task after(Duration delay, Runnable task) {
        Entry entry = new Entry(now() + Math.max(0, delay.toNanos()), added++, task);
        entries.add(entry);
        return () -> entry.cancelled = true;
    }

    /** Runs what is due now, and what that makes due. */
    public void run() {
        advance(Duration.ZERO);
    }

    /** Moves time on; each task runs at its own moment. */
    public void advance(Duration by) {
        long end = now() + by.toNanos();
        int atOnce = 0;
        while (!entries.isEmpty() && entries.peek().dueNanos <= end) {
            Entry next = entries.poll();
            long pause = Math.max(0, next.dueNanos - now());
            ticker.advance(Duration.ofNanos(pause));
            atOnce = pause == 0 ? atOnce + 1 : 0;
            if (atOnce > ENDLESS) {
                throw new AssertionError("tasks beget tasks at one moment without end");
            }
            if (!next.cancelled) {
                next.task.run();
            }
        }
        ticker.advance(Duration.ofNanos(end - now()));
    }

    private long now() {
        return ticker.nanos() - origin;
    }
}

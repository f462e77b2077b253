package io.silkroute.app;

import io.silkroute.kernel.Scheduler;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;

/** A scheduler on one event loop of Vert.x; its tasks must not block. Thread-safe. */
final class VertxScheduler implements Scheduler {

    private final ContextInternal context;

    VertxScheduler(Vertx vertx) {
        this.context = ((VertxInternal) vertx).createEventLoopContext();
    }

    @Override
    public void execute(Runnable task) {
        context.runOnContext(v -> task.run());
    }

    @Override
    public Task after(Duration delay, Runnable task) {
        long timer = context.setTimer(Math.max(1, delay.toMillis()), id -> task.run());
        return () -> context.owner().cancelTimer(timer);
    }
}

package io.silkroute.upstream;

import io.silkroute.kernel.Ticker;
import io.vertx.core.Vertx;
import java.time.Duration;

/** Notices that nothing has come for too long. Nobody is late who was told to wait. Belongs to one event loop. */
final class IdleWatch {

    /** Timers count in milliseconds. */
    private static final Duration ROUNDING = Duration.ofMillis(1);

    private final Vertx vertx;
    private final Ticker ticker;
    private final Duration patience;
    private boolean paused;
    private long progressAt;
    private long timer;

    IdleWatch(Vertx vertx, Ticker ticker, Duration patience) {
        this.vertx = vertx;
        this.ticker = ticker;
        this.patience = patience;
    }

    /** Calls {@code stalled} once, unless {@link #stop} comes first. */
    void begin(Runnable stalled) {
        progress();
        sleep(patience, stalled);
    }

    void progress() {
        progressAt = ticker.nanos();
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        progress();
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    private void sleep(Duration wait, Runnable stalled) {
        timer = vertx.setTimer(Math.max(1, wait.toMillis()), id -> {
            Duration left = patience.minusNanos(ticker.nanos() - progressAt);
            if (paused) {
                sleep(patience, stalled);
            } else if (left.compareTo(ROUNDING) > 0) {
                sleep(left, stalled);
            } else {
                stalled.run();
            }
        });
    }
}

package io.silkroute.switchover;

import io.silkroute.kernel.Scheduler;
import io.silkroute.routing.Account;
import io.silkroute.routing.Node;
import io.silkroute.routing.Shift;
import io.silkroute.traffic.RampPlan;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * One gradual switch: stage after stage the new node gets more of the traffic, each as soon as the one before had its time and
 * its results. Touched by tasks of one scheduler only.
 */
final class Ramp {

    private static final Logger LOG = Logger.getLogger(Ramp.class);

    private final Account account;
    private final Node from;
    private final Node to;
    private final GradualSettings settings;
    private final RampPlan plan;
    private final Scheduler scheduler;
    private final SwitchoverListener listener;
    private final Runnable news;
    private Shift shift;
    private boolean timeIsOver;
    private boolean done;
    private Scheduler.Task timer = () -> {};

    /**
     * @param news told when {@link #isDone} or {@link #trouble} has changed
     */
    Ramp(
            Account account,
            Node from,
            Node to,
            GradualSettings settings,
            Scheduler scheduler,
            SwitchoverListener listener,
            Runnable news) {
        this.account = account;
        this.from = from;
        this.to = to;
        this.settings = settings;
        this.plan = settings.plan().orElseThrow();
        this.scheduler = scheduler;
        this.listener = listener;
        this.news = news;
    }

    void begin() {
        begin(1);
    }

    /** Whether the new node may have all of the traffic. */
    boolean isDone() {
        return done;
    }

    /** Why the new node may not have any more of it, if so. */
    Optional<String> trouble() {
        boolean rolledBack = account.runtime().shift().filter(shift::equals).isEmpty();
        if (rolledBack || shift.goesBadly(to.runtime())) {
            return Optional.of("circuit breaker " + to.runtime().breakerState().text() + ", failure rate "
                    + Math.round(to.runtime().failureRate() * 100) + "%");
        }
        return Optional.empty();
    }

    /** No stage follows. */
    void stop() {
        timer.cancel();
        account.runtime().endShift(shift);
    }

    private void begin(int stage) {
        if (plan.isLast(stage)) {
            done = true;
            news.run();
            return;
        }
        int share = plan.share(stage);
        timeIsOver = false;
        shift = new Shift(
                from.spec().id(),
                to.spec().id(),
                stage,
                share,
                settings.minSamples(),
                settings.failureRate(),
                () -> scheduler.execute(this::look));
        account.runtime().shift(shift);
        timer = scheduler.after(settings.stageTime(), () -> {
            timeIsOver = true;
            look();
        });
        LOG.infof("[gradual] node %s: %d%% of traffic (stage %d/%d)", to.name(), share, stage, plan.stages());
        listener.shifted(account, from, to, stage, share);
    }

    private void look() {
        if (trouble().isPresent()) {
            news.run();
        } else if (timeIsOver && shift.hasSamples()) {
            begin(shift.stage() + 1);
        }
    }
}

package io.silkroute.switchover;

import io.silkroute.kernel.Scheduler;
import io.silkroute.routing.Account;
import io.silkroute.routing.Node;
import io.silkroute.upstream.NodeProber;
import io.silkroute.upstream.ProbeResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Tries a node out before traffic goes to it: some probes, of which one must succeed; then a connection for every event loop,
 * so that the first request finds one. Its tasks run on the scheduler.
 */
final class Prewarmer {

    private static final Logger LOG = Logger.getLogger(Prewarmer.class);

    /** The probe that is next, and what came of those before. */
    private record Tally(int attempt, int succeeded, boolean keptAlive) {
        private Tally and(ProbeResult result) {
            return new Tally(attempt + 1, succeeded + (result.ok() ? 1 : 0), keptAlive || result.keptAlive());
        }
    }

    private final NodeProber prober;
    private final SwitchoverSettings settings;
    private final Scheduler scheduler;
    private final BiConsumer<Node, Boolean> verdict;
    private final SwitchoverListener listener;

    /**
     * @param verdict told once for each warmed node whether it passed, before whoever asked is
     */
    Prewarmer(
            NodeProber prober,
            SwitchoverSettings settings,
            Scheduler scheduler,
            BiConsumer<Node, Boolean> verdict,
            SwitchoverListener listener) {
        this.prober = prober;
        this.settings = settings;
        this.scheduler = scheduler;
        this.verdict = verdict;
        this.listener = listener;
    }

    /** Warms a node; then says whether it passed. */
    void warm(Account account, Node node, Consumer<Boolean> then) {
        LOG.infof("[warmup] prewarming node %s...", node.name());
        node.runtime().warming(true);
        probe(account, node, new Tally(1, 0, false), passed -> {
            node.runtime().warming(false);
            then.accept(passed);
        });
    }

    private void probe(Account account, Node node, Tally tally, Consumer<Boolean> then) {
        prober.probe(node.spec(), settings.warmupTimeout())
                .thenAccept(result -> scheduler.execute(() -> {
                    note(account, node, tally.attempt, result);
                    Tally next = tally.and(result);
                    if (next.attempt <= settings.warmupAttempts()) {
                        probe(account, node, next, then);
                    } else {
                        conclude(node, next, then);
                    }
                }));
    }

    private void note(Account account, Node node, int attempt, ProbeResult result) {
        int all = settings.warmupAttempts();
        if (result.ok()) {
            LOG.infof(
                    "[warmup] node %s probe %d/%d success (latency: %dms)",
                    node.name(), attempt, all, result.latency().toMillis());
        } else {
            LOG.warnf("[warmup] node %s probe %d/%d failed (%s)", node.name(), attempt, all, result.detail());
        }
        node.runtime().probed(result.ok(), result.latency());
        listener.warmupProbed(account, node, result);
    }

    private void conclude(Node node, Tally tally, Consumer<Boolean> then) {
        int all = settings.warmupAttempts();
        verdict.accept(node, tally.succeeded > 0);
        if (tally.succeeded == 0) {
            LOG.warnf("[warmup] node %s failed its warm-up (0/%d)", node.name(), all);
            then.accept(false);
            return;
        }
        // One success is enough, even if a later probe failed.
        node.runtime().trust();
        // A node that closes each connection after its answer has no use for one that waits.
        CompletionStage<Integer> connected =
                tally.keptAlive ? prober.connectEverywhere(node.spec()) : CompletableFuture.completedFuture(0);
        connected.thenAccept(loops -> scheduler.execute(() -> {
            LOG.infof("[warmup] node %s prewarmed successfully (%d/%d)", node.name(), tally.succeeded, all);
            then.accept(true);
        }));
    }
}

package io.silkroute.switchover;

import io.silkroute.kernel.NodeId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Sees to it that of several replicas only one at a time asks a node that has to prove itself, and that the others learn what it
 * answered. Implementations are thread-safe.
 */
@FunctionalInterface
public interface ProbeTurns {

    /** Of a gateway that shares its nodes with no other: every turn is its own. */
    ProbeTurns ALONE = node -> CompletableFuture.completedFuture(Optional.of(Turn.UNSHARED));

    /** Leave to ask a node; empty while another replica asks it. Never fails: who cannot hear of the others asks by himself. */
    CompletionStage<Optional<Turn>> take(NodeId node);

    /** Leave to ask a node once. */
    @FunctionalInterface
    interface Turn {

        /** What nobody else waits for. */
        Turn UNSHARED = (ok, latency) -> {};

        /** Gives the leave back, and tells the others what came of it. To be called once. */
        void end(boolean ok, Duration latency);
    }
}

package io.silkroute.switchover;

import io.silkroute.kernel.AccountId;
import io.silkroute.kernel.NodeId;
import java.util.concurrent.CompletionStage;

/** Where the active node of an account is kept across restarts, and seen by other replicas. */
public interface ActivationStore {

    /**
     * Stores the active node of an account; gives the version that this has. Fails when the store is away, or the node or the
     * account is gone.
     *
     * @param byOperator whether an operator wanted it so
     */
    CompletionStage<Long> store(AccountId account, NodeId node, boolean byOperator);
}

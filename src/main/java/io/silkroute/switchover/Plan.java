package io.silkroute.switchover;

import io.silkroute.routing.Node;
import java.util.List;
import java.util.Optional;

/**
 * Where an account's traffic should go instead.
 *
 * @param reason why
 * @param candidates nodes to pre-warm, the best first
 * @param leastBad where to go without a pre-warm when there is no candidate; empty to stay
 */
record Plan(SwitchReason reason, List<Node> candidates, Optional<Node> leastBad) {}

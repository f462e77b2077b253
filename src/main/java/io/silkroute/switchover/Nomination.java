package io.silkroute.switchover;

import io.silkroute.kernel.NodeId;
import io.silkroute.routing.Account;
import io.silkroute.routing.Activation;
import io.silkroute.routing.Node;
import io.silkroute.switchover.ActiveState.Active;
import java.util.List;
import java.util.Optional;

/**
 * The node that was named from outside as the one to be active: by an operator, or by another replica. What another replica
 * named and this one finds unfit is kept in mind until it is fit: replicas may see a node differently, and if each told the
 * others to turn back they would do so for ever. Touched by tasks of one scheduler only.
 */
final class Nomination {

    private record Nominee(NodeId node, SwitchReason reason) {}

    private final SwitchPlanner planner;
    private Optional<Nominee> nominee = Optional.empty();
    private boolean postponed;
    private boolean asked;
    private Optional<String> refusal = Optional.empty();

    Nomination(SwitchPlanner planner) {
        this.planner = planner;
    }

    /** The store names a node, or none. */
    void heed(Activation news) {
        nominee = news.node()
                .map(node -> new Nominee(node, news.byOperator() ? SwitchReason.OPERATOR : SwitchReason.FOLLOWED));
        postponed = false;
        asked = false;
        refusal = Optional.empty();
    }

    /**
     * An operator waits here, on this replica, for what becomes of the node; gives whether it turned out unfit already, and so is
     * to be turned down for all.
     */
    boolean ask(NodeId node) {
        asked = isFor(node);
        return asked && postponed;
    }

    /** Whether it is this node. */
    boolean isFor(NodeId node) {
        return nominee.filter(n -> n.node.equals(node)).isPresent();
    }

    /** The switch to it; empty when there is nothing to do for now. */
    Optional<Plan> plan(Account account, Optional<Active> active) {
        if (nominee.isEmpty()) {
            return Optional.empty();
        }
        SwitchReason reason = nominee.get().reason;
        Optional<Node> node =
                account.node(nominee.get().node).filter(n -> !n.spec().disabled());
        if (node.isEmpty()) {
            turnDown("it is disabled");
            return Optional.empty();
        }
        if (reason == SwitchReason.FOLLOWED
                && active.filter(a -> isFor(a.node())).isPresent()) {
            settle();
            return Optional.empty();
        }
        // An operator hears why it cannot be; for another replica it is enough to wait.
        boolean awaited = postponed || reason == SwitchReason.FOLLOWED;
        return node.filter(n -> !awaited || planner.isFit(n)).map(n -> new Plan(reason, List.of(n), Optional.empty()));
    }

    /** It is unfit; gives whether the store is to say so, since it was named here. Otherwise its time may come. */
    boolean unfit(String why) {
        refusal = Optional.of(why);
        postponed = true;
        return asked;
    }

    /** It is not to be, here and elsewhere. */
    void turnDown(String why) {
        nominee = Optional.empty();
        refusal = Optional.of(why);
    }

    /** It is active, or another node is since: either way the nomination is history. */
    void settle() {
        nominee = Optional.empty();
    }

    /** Why the last one was not to be. */
    Optional<String> refusal() {
        return refusal;
    }
}

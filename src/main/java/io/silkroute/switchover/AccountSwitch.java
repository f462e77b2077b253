package io.silkroute.switchover;

import io.silkroute.breaker.CircuitBreaker.State;
import io.silkroute.kernel.NodeId;
import io.silkroute.kernel.Scheduler;
import io.silkroute.kernel.Ticker;
import io.silkroute.routing.Account;
import io.silkroute.routing.Activation;
import io.silkroute.routing.Node;
import io.silkroute.switchover.ActiveState.Active;
import io.silkroute.switchover.ActiveState.Preparing;
import io.silkroute.switchover.ActiveState.Serving;
import io.silkroute.switchover.ActiveState.Shifting;
import io.silkroute.switchover.ActiveState.Vacant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * The active node of one account. Every event leads to {@link #reconcile}, which compares where traffic goes with where it
 * should go. Touched by tasks of one scheduler only.
 */
final class AccountSwitch {

    private static final Logger LOG = Logger.getLogger(AccountSwitch.class);

    /** What all accounts share. */
    record Tools(
            SwitchPlanner planner,
            Prewarmer prewarmer,
            SwitchoverSettings settings,
            Scheduler scheduler,
            Ticker ticker,
            SwitchoverListener listener) {}

    private final Tools tools;
    private final StoredActivation stored;
    private final Nomination nomination;
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private Account account;
    private ActiveState state = new Vacant();
    private Scheduler.Task nextLook = () -> {};

    AccountSwitch(Account account, StoredActivation stored, Tools tools) {
        this.account = account;
        this.stored = stored;
        this.tools = tools;
        this.nomination = new Nomination(tools.planner);
    }

    /** Takes up where the last run of the gateway left off. */
    void resume() {
        Optional<Activation> activation = stored.news(account.activation());
        activation.flatMap(Activation::node).flatMap(account::node).ifPresent(node -> {
            activate(node, activation.get().byOperator());
            if (tools.settings.warmupEnabled()) {
                // Traffic goes to it anyway; what is gained is a connection for the first request.
                tools.prewarmer.warm(account, node, passed -> reconcile());
            }
        });
        reconcile();
    }

    /** The configuration changed. */
    void configured(Account next) {
        account = next;
        stored.news(account.activation()).ifPresent(nomination::heed);
        stored.writeAgain();
        reconcile();
    }

    /** Completes when no switch is being prepared. */
    CompletableFuture<Void> settled() {
        CompletableFuture<Void> future = new CompletableFuture<>();
        waiting.add(future);
        release();
        return future;
    }

    /** As {@link #settled}; gives why the node that was named is neither active nor about to be, if so. */
    CompletableFuture<Optional<String>> activated(NodeId node) {
        if (nomination.ask(node)) {
            turnDown(nomination.refusal().orElseThrow());
        }
        return settled()
                .thenApply(v -> isActive(node)
                                || state instanceof Shifting shifting
                                        && shifting.to().equals(node)
                        ? Optional.empty()
                        : Optional.of(nomination.refusal().orElse("another change came in between")));
    }

    /** The account is gone. */
    void close() {
        nextLook.cancel();
        become(new Vacant());
        release();
    }

    Optional<Active> active() {
        return state.active();
    }

    /** Compares where traffic goes with where it should go, and sets about the difference. */
    void reconcile() {
        Optional<Plan> plan = plan();
        if (state instanceof Preparing preparing) {
            if (plan.filter(p -> isFirst(preparing.candidate(), p)).isPresent()) {
                return;
            }
            become(preparing.giveUp());
        } else if (state instanceof Shifting shifting) {
            if (goesOn(shifting, plan)) {
                release();
                return;
            }
            plan = plan();
        }
        if (plan.isPresent()) {
            pursue(plan.get());
        } else {
            rest();
        }
        release();
    }

    private Optional<Plan> plan() {
        return nomination.plan(account, state.active()).or(() -> tools.planner.plan(account, state.active()));
    }

    /** Whether the gradual switch is still under way; otherwise it came to its end, good or bad. */
    private boolean goesOn(Shifting shifting, Optional<Plan> plan) {
        Optional<Node> to = account.node(shifting.to());
        Optional<String> trouble = to.filter(node -> !node.spec().disabled()).isEmpty()
                ? Optional.of("it is gone")
                : shifting.ramp().trouble();
        boolean emergency = !tools.planner.serves(account, state.active());
        boolean wanted =
                plan.filter(p -> to.isPresent() && isFirst(to.get(), p)).isPresent();
        if (trouble.isPresent()) {
            tools.planner.rolledBack(shifting.to());
            rollBack(shifting, trouble.get());
        } else if (emergency) {
            // The old node failed: what the new one had a part of, it has all of now.
            serve(to.get(), plan.map(Plan::reason).orElse(shifting.reason()), true);
        } else if (!wanted) {
            tools.planner.superseded(shifting.to());
            rollBack(shifting, "another change came in between");
        } else if (shifting.ramp().isDone()) {
            serve(to.get(), shifting.reason(), true);
        } else {
            return true;
        }
        return false;
    }

    private void rollBack(Shifting shifting, String why) {
        become(new Serving(shifting.now()));
        account.node(shifting.now().node())
                .ifPresent(from -> account.node(shifting.to()).ifPresent(to -> {
                    LOG.warnf("rolled back from node %s to node %s: %s", to.name(), from.name(), why);
                    tools.listener.rolledBack(account, from, to, why);
                }));
        if (nomination.isFor(shifting.to())) {
            turnDown(why);
        }
    }

    /** What was named is not to be: the store shall say what is. */
    private void turnDown(String why) {
        nomination.turnDown(why);
        state.active().ifPresent(active -> write(active.node(), active.byOperator()));
    }

    /** What another replica stored while this was on its way is news only now. */
    private void write(NodeId node, boolean byOperator) {
        stored.write(
                node,
                byOperator,
                () -> stored.news(account.activation()).ifPresent(news -> {
                    nomination.heed(news);
                    reconcile();
                }));
    }

    private static boolean isFirst(Node candidate, Plan plan) {
        return !plan.candidates().isEmpty() && plan.candidates().get(0).equals(candidate);
    }

    private void pursue(Plan plan) {
        if (plan.candidates().isEmpty()) {
            serve(plan.leastBad().orElseThrow(), plan.reason(), false);
            return;
        }
        Node candidate = plan.candidates().get(0);
        if (isActive(candidate.spec().id())) {
            takeOver(candidate, plan.reason());
        } else if (tools.settings.warmupEnabled()) {
            warm(candidate, plan.reason());
        } else {
            decide(candidate, plan.reason(), true);
        }
    }

    private void warm(Node candidate, SwitchReason reason) {
        Preparing preparing = state.prepare(candidate, reason);
        become(preparing);
        tools.prewarmer.warm(account, candidate, passed -> {
            // Meanwhile something else may have been decided.
            if (state == preparing) {
                become(preparing.giveUp());
                decide(candidate, reason, passed);
            }
        });
    }

    private void decide(Node candidate, SwitchReason reason, boolean passed) {
        if (passed && candidate.runtime().breakerState() == State.CLOSED) {
            takeOver(candidate, reason);
        } else {
            String why = passed ? "its circuit breaker is not closed" : "it failed its warm-up";
            LOG.warnf("not switched to node %s (reason: %s): %s", candidate.name(), reason.text(), why);
            tools.listener.notSwitched(account, candidate, reason, why);
            if (nomination.isFor(candidate.spec().id()) && nomination.unfit(why)) {
                turnDown(why);
            }
        }
        reconcile();
    }

    /** Traffic goes over: bit by bit from a node that serves, and at once from one that does not. */
    private void takeOver(Node node, SwitchReason reason) {
        Optional<Node> from = account.active().filter(active -> tools.planner.serves(account, state.active()));
        if (from.isPresent() && !from.get().equals(node) && shifts(from.get(), node, reason)) {
            Ramp ramp = new Ramp(
                    account,
                    from.get(),
                    node,
                    tools.settings.gradual(),
                    tools.scheduler,
                    tools.listener,
                    this::reconcile);
            become(new Shifting(state.active().orElseThrow(), node.spec().id(), reason, ramp));
            ramp.begin();
        } else {
            serve(node, reason, true);
        }
    }

    /** Nodes that share traffic anyway need no switch to do so; and where another replica leads, it has tried the node. */
    private boolean shifts(Node from, Node to, SwitchReason reason) {
        boolean share =
                account.runtime().shaped() && from.spec().weight() == to.spec().weight();
        return tools.settings.gradual().plan().isPresent() && !share && reason != SwitchReason.FOLLOWED;
    }

    private void serve(Node node, SwitchReason reason, boolean proven) {
        Optional<Node> from = state.active().flatMap(active -> account.node(active.node()));
        boolean same = isActive(node.spec().id());
        activate(node, reason == SwitchReason.OPERATOR);
        if (!nomination.isFor(node.spec().id())) {
            write(node.spec().id(), false);
        }
        nomination.settle();
        if (!same) {
            if (!proven) {
                LOG.warnf("no candidate passed its warm-up: node %s serves as the least bad", node.name());
            }
            LOG.infof("switched to node %s (reason: %s)", node.name(), reason.text());
            tools.listener.switched(account, from, node, reason, proven);
        }
        rest();
    }

    private void activate(Node node, boolean byOperator) {
        NodeId id = node.spec().id();
        become(new Serving(new Active(id, tools.ticker.nanos(), byOperator)));
        account.runtime().activate(Optional.of(id));
    }

    /** Nothing to do but to wait, for an event or for a node to have been healthy long enough. */
    private void rest() {
        nextLook.cancel();
        Optional<Active> usable = state.active()
                .filter(a ->
                        account.node(a.node()).filter(n -> !n.spec().disabled()).isPresent());
        if (usable.isEmpty()) {
            become(new Vacant());
            account.runtime().activate(Optional.empty());
            return;
        }
        tools.planner.weighed(account, usable.get());
        tools.planner
                .nextLook(account, usable.get())
                .ifPresent(wait -> nextLook = tools.scheduler.after(wait, this::reconcile));
    }

    private boolean isActive(NodeId node) {
        return state.active().filter(a -> a.node().equals(node)).isPresent();
    }

    private void become(ActiveState next) {
        if (state instanceof Shifting shifting) {
            shifting.ramp().stop();
        }
        state = next;
    }

    private void release() {
        if (!(state instanceof Preparing)) {
            waiting.forEach(each -> each.complete(null));
            waiting.clear();
        }
    }
}

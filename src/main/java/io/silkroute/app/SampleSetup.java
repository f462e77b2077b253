package io.silkroute.app;

import io.silkroute.kernel.AccountId;
import io.silkroute.registry.Accounts;
import io.silkroute.registry.NodeDraft;
import io.silkroute.registry.Nodes;
import io.silkroute.routing.AuthScheme;
import io.silkroute.routing.Node;
import io.silkroute.routing.ProxyKeyHash;
import io.silkroute.routing.Routing;
import io.silkroute.switchover.Switchover;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Fills an empty embedded store, so that the very first request already shows a failover. */
@Singleton
class SampleSetup {

    static final String PROXY_KEY = "default-proxy-key";
    private static final Logger LOG = Logger.getLogger(SampleSetup.class);
    private static final String DOWN = "sample-down";
    private static final String UP = "sample-up";

    /** The discard port (RFC 863): reserved, and closed wherever nobody went out of their way to open it. */
    private static final int CLOSED_PORT = 9;

    private final Accounts accounts;
    private final Nodes nodes;
    private final Routing routing;
    private final Vertx vertx;
    private final Settings settings;
    private final Switchover switchover;

    @Inject
    SampleSetup(
            Accounts accounts, Nodes nodes, Routing routing, Vertx vertx, Settings settings, Switchover switchover) {
        this.accounts = accounts;
        this.nodes = nodes;
        this.routing = routing;
        this.vertx = vertx;
        this.settings = settings;
        this.switchover = switchover;
    }

    /** Gives the default account its known key unless it has one; makes the sample nodes, or starts the one made before. */
    Uni<Void> prepare() {
        Uni<Void> key = accounts.setKeyIfNone(AccountId.DEFAULT, ProxyKeyHash.of(PROXY_KEY));
        boolean empty =
                routing.table().accounts().stream().allMatch(a -> a.nodes().isEmpty());
        return key.chain(empty ? this::seed : this::restart);
    }

    private Uni<Void> seed() {
        SampleNode sample = new SampleNode(vertx);
        int beside = settings.port() == 0 || settings.port() == 65535 ? 0 : settings.port() + 1;
        return sample.listen(beside)
                .onFailure()
                .recoverWithUni(() -> sample.listen(0))
                .chain(port -> nodes.create(AccountId.DEFAULT, draft(DOWN, CLOSED_PORT, 1))
                        .chain(this::settled)
                        .chain(() -> nodes.create(AccountId.DEFAULT, draft(UP, port, 2))))
                .replaceWithVoid();
    }

    /** The switch completes on a context of its own, but the store may only be used on the one this began on. */
    private Uni<Void> settled() {
        Context here = vertx.getOrCreateContext();
        return Uni.createFrom()
                .completionStage(() -> switchover.settled(AccountId.DEFAULT))
                .emitOn(task -> here.runOnContext(done -> task.run()));
    }

    /** The node was stored with its port, so it has to listen there again. */
    private Uni<Void> restart() {
        Optional<Integer> port = routing.table().byId(AccountId.DEFAULT).stream()
                .flatMap(account -> account.nodes().stream())
                .map(Node::spec)
                .filter(spec -> spec.name().equals(UP)
                        && SampleNode.HOST.equals(spec.baseUrl().getHost()))
                .map(spec -> spec.baseUrl().getPort())
                .findFirst();
        return port.isEmpty()
                ? Uni.createFrom().voidItem()
                : new SampleNode(vertx)
                        .listen(port.get())
                        .onFailure()
                        .invoke(e -> LOG.warnf("node %s cannot listen on port %d: %s", UP, port.get(), e.getMessage()))
                        .onFailure()
                        .recoverWithNull()
                        .replaceWithVoid();
    }

    private static NodeDraft draft(String name, int port, int weight) {
        return new NodeDraft(
                name,
                URI.create("http://" + SampleNode.HOST + ":" + port),
                weight,
                100,
                AuthScheme.NONE,
                Optional.empty(),
                new NodeDraft.KeyChange.Keep());
    }
}

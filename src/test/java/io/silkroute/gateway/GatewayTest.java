package io.silkroute.gateway;

import io.netty.util.concurrent.EventExecutor;
import io.quarkus.test.common.http.TestHTTPResource;
import io.silkroute.ingress.Drain;
import io.silkroute.testing.Await;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.Operator;
import io.silkroute.testing.Tenant;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.inject.Inject;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every test of the running gateway has: its address, an operator, and a tenant of its own for each test. */
abstract class GatewayTest {

    @TestHTTPResource
    URI gateway;

    Operator operator;
    Tenant tenant;

    @Inject
    Vertx vertx;

    @Inject
    Drain drain;

    @BeforeEach
    void newTenant() {
        operator = new Operator(gateway);
        tenant = operator.tenant();
    }

    /** Whatever became of it: a request that is forgotten would hold up the end of the process. */
    @AfterEach
    void noRequestIsForgotten() {
        Await.until("no request runs", () -> drain.running() == 0);
    }

    /** The node was pre-warmed: it has a connection from each event loop; gives how many these are. */
    int warmConnections(FakeNode node) {
        int loops = 0;
        for (EventExecutor ignored : ((VertxInternal) vertx).getEventLoopGroup()) {
            loops++;
        }
        int all = loops;
        Await.until("a connection from each event loop", () -> node.connections() == all);
        return all;
    }
}

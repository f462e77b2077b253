package io.silkroute.gateway;

import io.quarkus.test.common.http.TestHTTPResource;
import io.silkroute.testing.Operator;
import io.silkroute.testing.Tenant;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;

/** What every test of the running gateway has: its address, an operator, and a tenant of its own for each test. */
abstract class GatewayTest {

    @TestHTTPResource
    URI gateway;

    Operator operator;
    Tenant tenant;

    @BeforeEach
    void newTenant() {
        operator = new Operator(gateway);
        tenant = operator.tenant();
    }
}

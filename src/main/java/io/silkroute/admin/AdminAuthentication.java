package io.silkroute.admin;

import io.silkroute.routing.Routing;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Lets only operators in. Runs before a resource is looked for, so that a stranger learns nothing from a 404. */
@Singleton
public class AdminAuthentication {

    private static final String ADMIN = "/admin";
    private static final String BEARER = "Bearer ";

    private final AdminKey key;
    private final Routing routing;

    @Inject
    public AdminAuthentication(AdminKey key, Routing routing) {
        this.key = key;
        this.routing = routing;
    }

    /** Ends the call with 401 unless it brings the admin key, and with 503 while there is nothing to administer yet. */
    @ServerRequestFilter(preMatching = true)
    public Response authenticate(ContainerRequestContext call) {
        if (!call.getUriInfo().getPath().startsWith(ADMIN)) {
            return null;
        }
        String header = call.getHeaderString(HttpHeaders.AUTHORIZATION);
        boolean bearer = header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length());
        if (bearer && key.matches(header.substring(BEARER.length()).trim())) {
            return routing.loaded() ? null : notYet();
        }
        Response problem = Problem.of(
                        Response.Status.UNAUTHORIZED, "expected: Authorization: Bearer with the admin key")
                .toResponse();
        problem.getHeaders().add(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        return problem;
    }

    private static Response notYet() {
        return Problem.of(Response.Status.SERVICE_UNAVAILABLE, "the gateway is starting: the database was not read yet")
                .toResponse();
    }
}

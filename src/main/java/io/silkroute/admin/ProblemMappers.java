package io.silkroute.admin;

import io.silkroute.registry.RegistryException;
import io.silkroute.registry.StoreState;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns every way a call can fail into a {@link Problem}. */
final class ProblemMappers {

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    @ServerExceptionMapper
    Response known(ProblemException e) {
        return e.problem().toResponse();
    }

    @ServerExceptionMapper
    Response refused(RegistryException e) {
        if (e instanceof RegistryException.Conflict conflict) {
            FieldError field = new FieldError(conflict.field(), null, e.getMessage());
            return Problem.of(Response.Status.CONFLICT, e.getMessage(), List.of(field))
                    .toResponse();
        }
        return Problem.of(Response.Status.NOT_FOUND, e.getMessage()).toResponse();
    }

    /** Unknown paths, wrong methods and the like, which the framework finds. */
    @ServerExceptionMapper
    Response framework(WebApplicationException e) {
        Response.StatusType status = e.getResponse().getStatusInfo();
        return Problem.of(status, status.getReasonPhrase()).toResponse();
    }

    @ServerExceptionMapper
    Response unexpected(Throwable e) {
        if (StoreState.isAway(e)) {
            return Problem.of(
                            Response.Status.SERVICE_UNAVAILABLE, "the database is away: nothing was changed, try again")
                    .toResponse();
        }
        LOG.error("an admin call failed", e);
        return Problem.of(Response.Status.INTERNAL_SERVER_ERROR, "internal error; the log has more")
                .toResponse();
    }
}

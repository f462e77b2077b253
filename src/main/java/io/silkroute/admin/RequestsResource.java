package io.silkroute.admin;

import io.silkroute.observe.RequestLog;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What recent requests went through, as this replica saw it. */
@Path("/admin/api/requests")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "requests")
@SecurityRequirement(name = AdminApi.SECURITY)
@APIResponse(responseCode = "401", ref = AdminApi.PROBLEM)
public class RequestsResource {

    private final RequestLog requests;

    @Inject
    public RequestsResource(RequestLog requests) {
        this.requests = requests;
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Shows the attempts of a recent request that failed or took more than one")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = RequestView.class)))
    @APIResponse(responseCode = "404", ref = AdminApi.PROBLEM)
    public RequestView get(@PathParam("id") String id) {
        return requests.find(id)
                .map(RequestView::of)
                .orElseThrow(() -> new ProblemException(Problem.of(
                        Response.Status.NOT_FOUND,
                        "request not found: " + id + " (only recent ones that failed or took more than one attempt are"
                                + " kept)")));
    }
}

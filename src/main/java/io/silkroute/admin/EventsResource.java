package io.silkroute.admin;

import io.silkroute.observe.Event;
import io.silkroute.observe.EventLog;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;

/** What happened to nodes, as this replica saw it. */
@Path("/admin/api/events")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "events")
@SecurityRequirement(name = AdminApi.SECURITY)
@APIResponse(responseCode = "401", ref = AdminApi.PROBLEM)
public class EventsResource {

    private final EventLog events;

    @Inject
    public EventsResource(EventLog events) {
        this.events = events;
    }

    @GET
    @Operation(
            summary =
                    "Lists switches, breaker changes and rejected keys, newest first; those of one account when it is named")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = EventList.class)))
    public EventList list(@RestQuery("account_id") Optional<String> accountId) {
        return new EventList(events.newestFirst().stream()
                .filter(event -> accountId.isEmpty()
                        || accountId.get().equals(event.account().value()))
                .map(EventsResource::view)
                .toList());
    }

    private static EventView view(Event event) {
        return new EventView(
                event.at(),
                event.type(),
                event.account().value(),
                event.node().value(),
                event.nodeName(),
                event.reason().orElse(null),
                event.message());
    }
}

package io.silkroute.admin;

import io.silkroute.kernel.AccountId;
import io.silkroute.kernel.NodeId;
import io.silkroute.registry.Nodes;
import io.silkroute.routing.Account;
import io.silkroute.routing.Routing;
import io.silkroute.switchover.Switchover;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;

/** The nodes of an account. Reads come from the routing table, so they work while the store is away. */
@Path("/admin/api/nodes")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "nodes")
@SecurityRequirement(name = AdminApi.SECURITY)
@APIResponse(responseCode = "401", ref = AdminApi.PROBLEM)
public class NodesResource {

    private static final Duration EFFECT_PATIENCE = Duration.ofSeconds(1);

    private final Nodes nodes;
    private final Routing routing;
    private final Switchover switchover;

    @Inject
    public NodesResource(Nodes nodes, Routing routing, Switchover switchover) {
        this.nodes = nodes;
        this.routing = routing;
        this.switchover = switchover;
    }

    @GET
    @Operation(summary = "Lists the nodes of an account by weight, then age")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = NodeList.class)))
    @APIResponse(responseCode = "404", ref = AdminApi.PROBLEM)
    public NodeList list(@RestQuery("account_id") Optional<String> accountId) {
        Account account = account(accountId);
        return new NodeList(
                account.nodes().stream().map(n -> NodeView.of(account, n)).toList());
    }

    @POST
    @Operation(summary = "Makes a node; it is used as soon as it is pre-warmed")
    @RequestBody(content = @Content(schema = @Schema(implementation = NodeForm.class)))
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = NodeView.class)))
    @APIResponse(responseCode = "400", ref = AdminApi.PROBLEM)
    @APIResponse(responseCode = "404", ref = AdminApi.PROBLEM)
    @APIResponse(responseCode = "409", ref = AdminApi.PROBLEM)
    public Uni<Response> create(@RestQuery("account_id") Optional<String> accountId, String body) {
        Account account = account(accountId);
        Uni<NodeId> created = nodes.create(account.id(), NodeForm.readWhole(body));
        return created.call(() -> inEffect(account.id())).map(id -> {
            NodeView view = view(id.value());
            return Response.created(URI.create("/admin/api/nodes/" + view.id()))
                    .entity(view)
                    .build();
        });
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Shows a node")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = NodeView.class)))
    @APIResponse(responseCode = "404", ref = AdminApi.PROBLEM)
    public NodeView get(@PathParam("id") String id) {
        return view(id);
    }

    @PUT
    @Path("{id}")
    @Operation(summary = "Replaces a node's configuration; an absent api_key stays")
    @RequestBody(content = @Content(schema = @Schema(implementation = NodeForm.class)))
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = NodeView.class)))
    @APIResponse(responseCode = "400", ref = AdminApi.PROBLEM)
    @APIResponse(responseCode = "404", ref = AdminApi.PROBLEM)
    @APIResponse(responseCode = "409", ref = AdminApi.PROBLEM)
    public Uni<NodeView> replace(@PathParam("id") String id, String body) {
        return changed(id, nodes.update(new NodeId(id), stored -> NodeForm.readWhole(body)));
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Changes the fields given")
    @RequestBody(content = @Content(schema = @Schema(implementation = NodeForm.class)))
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = NodeView.class)))
    @APIResponse(responseCode = "400", ref = AdminApi.PROBLEM)
    @APIResponse(responseCode = "404", ref = AdminApi.PROBLEM)
    @APIResponse(responseCode = "409", ref = AdminApi.PROBLEM)
    public Uni<NodeView> change(@PathParam("id") String id, String body) {
        return changed(id, nodes.update(new NodeId(id), stored -> NodeForm.readChange(body, stored)));
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Deletes a node; requests that run on it end in peace")
    @APIResponse(responseCode = "204")
    @APIResponse(responseCode = "404", ref = AdminApi.PROBLEM)
    public Uni<Void> delete(@PathParam("id") String id) {
        AccountId account = owner(id).id();
        return nodes.delete(new NodeId(id)).chain(() -> inEffect(account));
    }

    @POST
    @Path("{id}/activate")
    @Operation(
            summary =
                    "Makes a node the one that its account's traffic goes to, once it is pre-warmed; 409 when it fails that")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = NodeView.class)))
    @APIResponse(responseCode = "404", ref = AdminApi.PROBLEM)
    @APIResponse(responseCode = "409", ref = AdminApi.PROBLEM)
    public Uni<NodeView> activate(@PathParam("id") String id) {
        return nodes.activate(new NodeId(id))
                .chain(() -> Uni.createFrom()
                        .completionStage(() -> switchover.activated(owner(id).id(), new NodeId(id))))
                .map(refusal -> activated(id, refusal));
    }

    @POST
    @Path("{id}/enable")
    @Operation(summary = "Puts a node back into service")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = NodeView.class)))
    @APIResponse(responseCode = "404", ref = AdminApi.PROBLEM)
    public Uni<NodeView> enable(@PathParam("id") String id) {
        return changed(id, nodes.setDisabled(new NodeId(id), false));
    }

    @POST
    @Path("{id}/disable")
    @Operation(summary = "Takes a node out of service")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = NodeView.class)))
    @APIResponse(responseCode = "404", ref = AdminApi.PROBLEM)
    public Uni<NodeView> disable(@PathParam("id") String id) {
        return changed(id, nodes.setDisabled(new NodeId(id), true));
    }

    private Uni<NodeView> changed(String id, Uni<Void> change) {
        return change.chain(() -> inEffect(owner(id).id())).map(done -> view(id));
    }

    /** An operator wants to see what came of it, but a node that hangs in its pre-warm is not waited for. */
    private Uni<Void> inEffect(AccountId account) {
        return Uni.createFrom()
                .completionStage(() -> switchover.settled(account))
                .ifNoItem()
                .after(EFFECT_PATIENCE)
                .recoverWithItem((Void) null);
    }

    private NodeView activated(String id, Optional<String> refusal) {
        if (refusal.isPresent()) {
            throw new ProblemException(Problem.of(
                    Response.Status.CONFLICT, "node " + view(id).name() + " was not activated: " + refusal.get()));
        }
        return view(id);
    }

    private Account account(Optional<String> id) {
        AccountId wanted = id.map(AccountId::new).orElse(AccountId.DEFAULT);
        return routing.table().byId(wanted).orElseThrow(() -> notFound("account", wanted.value()));
    }

    private NodeView view(String id) {
        Account account = owner(id);
        return NodeView.of(account, account.node(new NodeId(id)).orElseThrow());
    }

    private Account owner(String id) {
        return routing.table().owner(new NodeId(id)).orElseThrow(() -> notFound("node", id));
    }

    private static ProblemException notFound(String what, String id) {
        return new ProblemException(Problem.of(Response.Status.NOT_FOUND, what + " not found: " + id));
    }
}

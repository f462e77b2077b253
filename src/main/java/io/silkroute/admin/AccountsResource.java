package io.silkroute.admin;

import io.silkroute.kernel.AccountId;
import io.silkroute.registry.Accounts;
import io.silkroute.routing.Account;
import io.silkroute.routing.ProxyKeyHash;
import io.silkroute.routing.Routing;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Comparator;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The accounts. Reads come from the routing table, so they work while the store is away. */
@Path("/admin/api/accounts")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "accounts")
@SecurityRequirement(name = AdminApi.SECURITY)
@APIResponse(responseCode = "401", ref = AdminApi.PROBLEM)
public class AccountsResource {

    private final Accounts accounts;
    private final Routing routing;

    @Inject
    public AccountsResource(Accounts accounts, Routing routing) {
        this.accounts = accounts;
        this.routing = routing;
    }

    @GET
    @Operation(summary = "Lists the accounts, oldest first")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = AccountList.class)))
    public AccountList list() {
        return new AccountList(routing.table().accounts().stream()
                .sorted(Comparator.comparing(Account::createdAt).thenComparing(a -> a.id().value()))
                .map(AccountView::of)
                .toList());
    }

    @POST
    @Operation(summary = "Makes an account; its key is shown here and at rotation only")
    @RequestBody(content = @Content(schema = @Schema(implementation = AccountForm.class)))
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = AccountWithKey.class)))
    @APIResponse(responseCode = "400", ref = AdminApi.PROBLEM)
    @APIResponse(responseCode = "409", ref = AdminApi.PROBLEM)
    public Uni<Response> create(String body) {
        AccountForm form = AccountForm.readNew(body);
        return accounts.create(form.name(), ProxyKeyHash.of(form.proxyApiKey())).map(id -> {
            AccountWithKey made = AccountWithKey.of(account(id.value()), form.proxyApiKey());
            return Response.created(URI.create("/admin/api/accounts/" + made.id()))
                    .entity(made)
                    .build();
        });
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Shows an account")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = AccountView.class)))
    @APIResponse(responseCode = "404", ref = AdminApi.PROBLEM)
    public AccountView get(@PathParam("id") String id) {
        return AccountView.of(account(id));
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Renames an account")
    @RequestBody(content = @Content(schema = @Schema(implementation = AccountName.class)))
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = AccountView.class)))
    @APIResponse(responseCode = "400", ref = AdminApi.PROBLEM)
    @APIResponse(responseCode = "404", ref = AdminApi.PROBLEM)
    @APIResponse(responseCode = "409", ref = AdminApi.PROBLEM)
    public Uni<AccountView> rename(@PathParam("id") String id, String body) {
        return accounts.rename(new AccountId(id), AccountForm.readName(body)).map(done -> AccountView.of(account(id)));
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Deletes an account with its nodes; the default account stays")
    @APIResponse(responseCode = "204")
    @APIResponse(responseCode = "404", ref = AdminApi.PROBLEM)
    @APIResponse(responseCode = "409", ref = AdminApi.PROBLEM)
    public Uni<Void> delete(@PathParam("id") String id) {
        return accounts.delete(new AccountId(id));
    }

    @POST
    @Path("{id}/rotate-key")
    @Operation(summary = "Gives an account another key; the old one is void at once")
    @RequestBody(required = false, content = @Content(schema = @Schema(implementation = AccountKey.class)))
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = AccountWithKey.class)))
    @APIResponse(responseCode = "400", ref = AdminApi.PROBLEM)
    @APIResponse(responseCode = "404", ref = AdminApi.PROBLEM)
    @APIResponse(responseCode = "409", ref = AdminApi.PROBLEM)
    public Uni<AccountWithKey> rotateKey(@PathParam("id") String id, String body) {
        String key = AccountForm.readKey(body);
        return accounts.setKey(new AccountId(id), ProxyKeyHash.of(key))
                .map(done -> AccountWithKey.of(account(id), key));
    }

    private Account account(String id) {
        return routing.table()
                .byId(new AccountId(id))
                .orElseThrow(
                        () -> new ProblemException(Problem.of(Response.Status.NOT_FOUND, "account not found: " + id)));
    }

    /** The schema of a renaming. */
    @Schema(description = "Another name for an account")
    public record AccountName(@Schema(required = true) String name) {}

    /** The schema of a rotation. */
    @Schema(description = "The key to rotate to; made when not given")
    public record AccountKey(String proxyApiKey) {}
}

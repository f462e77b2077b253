package io.silkroute.admin;

import jakarta.ws.rs.core.Application;
import org.eclipse.microprofile.openapi.annotations.Components;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;

/** What the whole admin API has in common, for its description under {@code /q/openapi}. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Silkroute admin API",
                        version = "1",
                        description = "Accounts and nodes of a failover gateway"),
        components =
                @Components(
                        responses =
                                @APIResponse(
                                        name = AdminApi.PROBLEM,
                                        description = "An error",
                                        content =
                                                @Content(
                                                        mediaType = Problem.MEDIA_TYPE,
                                                        schema = @Schema(implementation = Problem.class))),
                        securitySchemes =
                                @SecurityScheme(
                                        securitySchemeName = AdminApi.SECURITY,
                                        type = SecuritySchemeType.HTTP,
                                        scheme = "bearer",
                                        description = "The admin key")))
public class AdminApi extends Application {

    static final String PROBLEM = "Problem";
    static final String SECURITY = "admin_key";
}
